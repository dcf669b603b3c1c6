-- Names, the commonest first. Some given names have a short form that their bearers use; the others are built from syllables.

create table given_names as
with known as (
    select
        unnest(range(36)) as nth,
        unnest(['Mohammed', 'Maria', 'Alexander', 'Elizabeth', 'José', 'Katarzyna', 'William', 'Ekaterina', 'Francisco', 'Margaret', 'Dmitri', 'Isabella',
                'Robert', 'Guadalupe', 'Michael', 'Oleksandra', 'Abdullah', 'Jennifer', 'Sebastian', 'Priyanka', 'Thomas', 'Rosario', 'Vladimir', 'Catherine',
                'Ignacio', 'Susanna', 'Benjamin', 'Anastasia', 'Nicolás', 'Magdalena', 'Zachary', 'Concepción', 'Jürgen', 'Valentina', 'Christopher', 'Deborah']) as given,
        unnest(['Md', 'Mari', 'Alex', 'Liz', 'Pepe', 'Kasia', 'Bill', 'Katya', 'Paco', 'Peggy', 'Dima', 'Bella',
                'Bob', 'Lupe', 'Mike', 'Sasha', 'Abdul', 'Jenny', 'Seb', 'Priya', 'Tom', 'Charo', 'Vova', 'Kate',
                'Nacho', 'Sue', 'Ben', 'Nastya', 'Nico', 'Lena', 'Zach', 'Concha', 'Jogi', 'Vale', 'Chris', 'Debbie']) as short
), built as (
    select
        nth,
        ['An', 'Ka', 'Ro', 'Mi', 'Sha', 'Lu', 'Te', 'Jo', 'Da', 'Ni', 'Fa', 'Vi', 'Ga', 'Su', 'Ye', 'Ol', 'Ha', 'Be', 'Zu', 'É'][1 + nth % 20]
            || ['ri', 'la', 'mo', 'ne', 'da', 'vi', 'sha', 'ko', 'ter', 'bé'][1 + nth // 20 % 10]          as short,
        ['na', 'n', 'l', 'sh', 'ta', 'm', 'ko', 'ra', 's', 'va'][1 + nth // 200]                            as rest
    from range(36, 2000) as t (nth)
)
select nth, given, short from known
union all
select nth, short || rest, short from built;

create table family_names as
select
    nth,
    ['Ad', 'Bel', 'Cor', 'Dim', 'El', 'Far', 'Gom', 'Has', 'Ilk', 'Jov', 'Kar', 'Lim', 'Mor', 'Nor', 'Ost', 'Pet', 'Ram', 'Sil', 'Tam', 'Ul',
     'Ab', 'Bar', 'Cher', 'Dan', 'Eb', 'Fon', 'Gup', 'Her', 'Iv', 'Jen', 'Kov', 'Laz', 'Mül', 'Nav', 'Ok', 'Pav', 'Rod', 'Sched', 'Tor', 'Vas'][1 + nth % 40]
        || ['an', 'ber', 'chi', 'do', 'ek', 'fi', 'gar', 'hov', 'in', 'ko', 'la', 'man', 'ne', 'or', 'pa', 'ri', 'sa', 'ta', 'ul', 'vi',
            'ash', 'bo', 'ce', 'di', 'el', 'go', 'ha', 'ik', 'ja', 'lo'][1 + nth // 40 % 30]
        || ['ev', 'ić', 'ez', 'son', 'ari', 'wala', 'oğlu', 'ski', 'uddin', 'a', 'er', 'i', 'ová', 'enko', 'ão', 'ñez', 'mann', 'dóttir', 'ides', 'wu',
            'rao', 'pour', 'eau', 'quist', 'ng'][1 + nth // 1200]                                          as family
from range(30000) as t (nth);
