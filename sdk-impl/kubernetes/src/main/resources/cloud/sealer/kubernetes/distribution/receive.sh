# Unpacks one layer from standard input into $LAYERS/$NAME, which appears only when the stream had
# the digest $DIGEST. $UNPACK makes a tar of the stream, $SUM prints its digest. Status 65: other bytes.
mkdir -p "$LAYERS" && cd "$LAYERS" || exit 1
work="$NAME.new"
rm -rf "$work" && mkdir "$work" "$work/tree" && mkfifo "$work/fifo" || exit 1
trap 'rm -rf "$LAYERS/$work"' EXIT
trap 'exit 1' HUP INT TERM
"$SUM" <"$work/fifo" >"$work/sum" &
# Whoever ends early reads the rest all the same, so that the digest is that of the whole stream.
tee "$work/fifo" | {
  $UNPACK
  echo $? >"$work/unpacked"
  cat >/dev/null
} | {
  tar --numeric-owner -xpf - -C "$work/tree"
  echo $? >"$work/written"
  cat >/dev/null
}
wait
read -r actual rest <"$work/sum"
[ "$actual" = "$DIGEST" ] || exit 65
[ "$(cat "$work/unpacked")" = 0 ] && [ "$(cat "$work/written")" = 0 ] || exit 1
rm -rf "$NAME" && mv "$work/tree" "$NAME"
