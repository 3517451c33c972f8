# Unpacks one layer into $SEALER_LAYERS/$SEALER_NAME, which appears only when the stream had the digest
# $SEALER_DIGEST of the kind $SEALER_ALGORITHM. The stream is what $SEALER_FETCH writes, else standard input;
# $SEALER_UNPACK makes a tar of it, unless it is one. Status 65: other bytes. Status 69: not to be had.
mkdir -p "$SEALER_LAYERS" && cd "$SEALER_LAYERS" || exit 1
work="$SEALER_NAME.new"
rm -rf "$work" && mkdir "$work" "$work/tree" && mkfifo "$work/fifo" || exit 1
trap 'rm -rf "$SEALER_LAYERS/$work"' EXIT
trap 'exit 1' HUP INT TERM
echo 0 >"$work/fetched"
echo 0 >"$work/unpacked"

# Whoever ends early reads the rest all the same, so that the digest is that of the whole stream.
unpack() {
  $SEALER_UNPACK
  echo $? >"$work/unpacked"
  cat >/dev/null
}
write() {
  tar --numeric-owner -xpf - -C "$work/tree"
  echo $? >"$work/written"
  cat >/dev/null
}
# openssl uses instructions of the processor that coreutils of most distributions do not.
sum() {
  if command -v openssl >/dev/null; then
    openssl dgst "-$SEALER_ALGORITHM" -r
  else
    "${SEALER_ALGORITHM}sum"
  fi
}
receive() {
  sum <"$work/fifo" >"$work/sum" &
  if [ -n "$SEALER_UNPACK" ]; then
    tee "$work/fifo" | unpack | write
  else
    tee "$work/fifo" | write
  fi
  wait
}
if [ -n "$SEALER_FETCH" ]; then
  { sh -c "$SEALER_FETCH"; echo $? >"$work/fetched"; } | receive
else
  receive
fi
[ "$(cat "$work/fetched")" = 0 ] || exit 69
read -r actual rest <"$work/sum"
[ "$actual" = "$SEALER_DIGEST" ] || exit 65
[ "$(cat "$work/unpacked")" = 0 ] && [ "$(cat "$work/written")" = 0 ] || exit 1
rm -rf "$SEALER_NAME" && mv "$work/tree" "$SEALER_NAME"
