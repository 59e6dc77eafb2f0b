// The pages that are looked at: as whom, and where. `follow` opens the first link of this kind on the page.

const programme = "main a[href^='/programmes/']:not([href$='/new'])";

export const pages = [
  { role: null, path: "/" },
  { role: null, path: "/sign-in" },
  { role: null, path: "/nowhere", status: 404 },
  { role: null, path: "/directory" },
  { role: null, path: "/directory", follow: "main td a[href^='/organisations/']" },
  { role: null, path: "/api" },
  { role: "manager", path: "/day" },
  { role: "manager", path: "/organisations" },
  { role: "manager", path: "/organisations?q=tiniri", follow: "main td a[href^='/organisations/']" },
  { role: "manager", path: "/organisations/map" },
  { role: "manager", path: "/organisations/new" },
  { role: "manager", path: "/imports" },
  { role: "manager", path: "/programmes" },
  { role: "manager", path: "/programmes", follow: programme },
  { role: "manager", path: "/programmes", follow: programme, then: "/board" },
  { role: "manager", path: "/programmes", follow: programme, then: "/money" },
  { role: "manager", path: "/programmes", follow: programme, then: "/enrol" },
  { role: "manager", path: "/programmes", follow: programme, then: "/edit" },
  { role: "manager", path: "/convergence" },
  { role: "manager", path: "/convergence/imports" },
  { role: "manager", path: "/people" },
  { role: "manager", path: "/people", follow: "main a[href^='/people/']" },
  { role: "manager", path: "/accounts" },
  { role: "manager", path: "/journal" },
  { role: "manager", path: "/settings" },
  { role: "manager", path: "/organisations?q=zzzz" },
  { role: "coach", path: "/journal", status: 403 },
  { role: "representative", path: "/day" },
  { role: "representative", path: "/organisations?q=tiniri", follow: "main td a[href^='/organisations/']" },
];

export const nameOf = ({ role, path, follow, then }) => `${path}${follow ? " → first" : ""}${then ?? ""} as ${role ?? "visitor"}`;
