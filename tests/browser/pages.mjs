// The pages that are looked at: as whom, and where. `follow` opens the first link of this kind on the page.

export const pages = [
  { role: null, path: "/" },
  { role: null, path: "/sign-in" },
  { role: null, path: "/directory" },
  { role: null, path: "/directory", follow: "main a[href^='/organisations/']" },
  { role: null, path: "/api" },
  { role: "coach", path: "/" },
  { role: "coach", path: "/organisations" },
  { role: "coach", path: "/organisations", follow: "main table a[href^='/organisations/']" },
  { role: "coach", path: "/organisations/map" },
  { role: "coach", path: "/organisations/new" },
  { role: "manager", path: "/people" },
  { role: "manager", path: "/accounts" },
  { role: "manager", path: "/settings" },
];

export const nameOf = ({ role, path, follow }) => `${path}${follow ? " → first" : ""} as ${role ?? "visitor"}`;
