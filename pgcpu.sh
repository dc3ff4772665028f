cat /proc/[0-9]*/stat 2>/dev/null | awk '/\(postgres/{sub(/.*\) /,""); t+=$12+$13} END{print t}'
