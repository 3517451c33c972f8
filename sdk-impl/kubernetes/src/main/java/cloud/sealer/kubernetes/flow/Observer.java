package cloud.sealer.kubernetes.flow;

import cloud.sealer.kubernetes.host.Commands;
import cloud.sealer.kubernetes.record.HostPaths;
import cloud.sealer.kubernetes.record.HostRecord;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.HostCommand;
import cloud.sealer.sdk.spi.HostSession;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/** Looks at a host: its facts and what we have on it. Changes nothing. */
final class Observer {
  private static final String LOOK =
      """
      for program in tar gzip zstd flock sha256sum systemctl modprobe; do
        command -v "$program" >/dev/null 2>&1 && echo "trait $program"
      done
      for module in br_netfilter overlay ip_vs; do
        [ -d "/sys/module/$module" ] || modprobe -n "$module" >/dev/null 2>&1 ||
          echo "trait without-$module"
      done
      [ -d /run/systemd/system ] && echo "trait systemd"
      for layer in "$LAYERS"/sha*; do [ -d "$layer" ] && echo "layer ${layer##*/}"; done
      for other in "$DATA"/*/state/record.json; do
        [ -e "$other" ] && [ "$other" != "$RECORD" ] && echo "trait cluster-of-${other#"$DATA"/}"
      done
      echo record
      [ ! -e "$RECORD" ] || cat "$RECORD"
      """;

  private Observer() {}

  static HostView observe(Host host, HostSession session, HostPaths paths) {
    String text =
        Commands.exec(
            session,
            HostCommand.builder(LOOK)
                .title("look at the host")
                .environment("LAYERS", paths.layers())
                .environment("DATA", paths.data())
                .environment("RECORD", paths.record())
                .build());
    int split = text.indexOf("record\n");
    String head = text.substring(0, Math.max(0, split));
    Set<Digest> layers = new HashSet<>();
    for (String name : values(head, "layer ")) {
      int dash = name.indexOf('-');
      if (dash > 0 && !name.endsWith(".new")) {
        layers.add(Digest.parse(name.substring(0, dash) + ":" + name.substring(dash + 1)));
      }
    }
    return new HostView(
        host,
        session.facts(),
        paths,
        record(host, paths, text.substring(split + "record\n".length())),
        layers,
        values(head, "trait "));
  }

  private static Set<String> values(String text, String prefix) {
    return text.lines()
        .filter(line -> line.startsWith(prefix))
        .map(line -> line.substring(prefix.length()))
        .collect(Collectors.toSet());
  }

  private static HostRecord record(Host host, HostPaths paths, String json) {
    if (json.isBlank()) {
      return HostRecord.EMPTY;
    }
    try {
      return HostRecord.parse(json);
    } catch (IllegalArgumentException e) {
      throw SealerException.builder(
              ErrorCode.HOST_IO,
              host.address()
                  + ": the record "
                  + paths.record()
                  + " cannot be read: "
                  + e.getMessage())
          .remedy("remove that file, so that all steps are executed again")
          .detail("host", host.address())
          .cause(e)
          .build();
    }
  }
}
