size() { stat -c %s "$1"; } # FILE: prints its bytes
