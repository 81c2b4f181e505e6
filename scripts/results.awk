# Counts the cases of JUnit files (GoogleTest, ctest, Vitest, Playwright): prints "PASSED FAILED", then the names that
# failed, one a line. A case with several failures counts once; a skipped one not at all.
BEGIN { RS = "<testcase" }
FNR == 1 { next }
{
  head = $0
  sub(/>.*/, "", head)
  name = ""
  if (match(head, /classname="[^"]*"/)) name = substr(head, RSTART + 11, RLENGTH - 12) "."
  if (match(head, / name="[^"]*"/)) name = name substr(head, RSTART + 7, RLENGTH - 8)
  if ($0 ~ /<(failure|error)[ >]/) failed[++bad] = name
  else if ($0 ~ /<skipped/ || head ~ /status="(notrun|disabled)"|result="(skipped|suppressed)"/) skipped++
  else good++
}
END {
  print good + 0, bad + 0
  for (i = 1; i <= bad; i++) print failed[i]
}
