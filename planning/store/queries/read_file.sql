select sha256, bytes, compressed, profile, mended
from raw.upload_read
join raw.standing_upload using (batch, file)
join raw.read_file using (sha256)
where file = $file
