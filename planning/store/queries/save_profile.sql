insert into raw.profile (profile, saved_at, content)
values ($profile, $saved_at, $content)
on conflict (profile) do update set
    saved_at = excluded.saved_at,
    content = excluded.content
