select file, profile
from raw.upload_read
join raw.standing_upload using (batch, file)
order by batch desc, file
