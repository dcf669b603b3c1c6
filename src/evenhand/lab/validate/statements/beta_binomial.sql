-- Empirical Bayes on raw rates: a beta prior from all accounts at the end of every month (moments, Kleinman 1973), and
-- whoever is below the floor's share of the site's rate with the wanted probability.
insert into acted
with months as (
    select account, month, max(proposals) as proposals, max(hires) as hires
    from (select *, month_of(day) as month from naive_path)
    group by account, month
), looks as (
    select l.month, a.account, m.proposals, m.hires
    from (select unnest(range(1, getvariable('months') + 1)) as month) as l
    cross join (select account, min(month) as month from months group by account) as a
    asof join months as m on m.account = a.account and l.month >= m.month
), sums as (
    select
        month,
        count(*)                                                        as accounts,
        sum(proposals)::double                                          as trials,
        sum(hires) / sum(proposals)                                     as mean,
        sum(proposals * proposals)::double                              as squares,
        sum(round(1e6 * hires * hires / proposals)::hugeint)::double / 1e6 as hit_squares
    from looks
    group by month
), priors as (
    select month, mean, mean * (1 - rho) / rho as a, (1 - mean) * (1 - rho) / rho as b
    from (
        select
            *,
            greatest(1e-4, least(0.9,
                (hit_squares - trials * mean * mean - mean * (1 - mean) * (accounts - 1))
                / (mean * (1 - mean) * (trials - squares / trials - accounts + 1))
            )) as rho
        from sums
        where accounts > 1 and mean > 0
    )
), posteriors as (
    select month, proposals, hires, a + hires as a, b + proposals - hires as b, getvariable('floor') * mean as line
    from (select distinct month, proposals, hires from looks)
    join priors using (month)
    where hires < proposals * getvariable('floor') * mean
), below as (
    -- the beta distribution below the line, by midpoints on a scale that is fine near 0, where the density may have a pole
    select
        month, proposals, hires,
        list_sum(list_transform(
            range(100),
            lambda i: exp(
                lgamma(a + b) - lgamma(a) - lgamma(b) + (a - 1) * ln(line * pow((i + 0.5) / 100, 4))
                + (b - 1) * ln(1 - line * pow((i + 0.5) / 100, 4))
            ) * 4 * line * pow((i + 0.5) / 100, 3) / 100
        )) as probability
    from posteriors
)
select {method}, l.account, min(end_of(l.month)), any_value(began)
from looks as l
join below as b using (month, proposals, hires)
join (select account, min(day) as began from naive_path group by account) as n using (account)
where b.probability >= {probability}
group by l.account
