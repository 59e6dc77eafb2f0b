-- What orders hold by now is promised; what was made once and sold stays so.
insert into stock_promise (holder, product, quantity)
select s.id, l.product, sum(l.content * l.count)
from sale_line l join sale_order s on s.id = l.sale_order join product p on p.id = l.product
where s.status = 'ordered' or (s.status in ('prepared', 'delivered') and p.making = 'unique')
group by s.id, l.product;
