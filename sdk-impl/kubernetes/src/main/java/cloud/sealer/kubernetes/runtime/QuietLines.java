package cloud.sealer.kubernetes.runtime;

import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Passes on what kubeadm prints, without tokens and keys. */
final class QuietLines implements Consumer<String> {
  private static final Pattern SECRET =
      Pattern.compile("\\b[a-z0-9]{6}\\.[a-z0-9]{16}\\b|\\b(?<!sha256:)[0-9a-f]{64}\\b");

  private final Consumer<String> target;

  QuietLines(Consumer<String> target) {
    this.target = target;
  }

  @Override
  public void accept(String line) {
    target.accept(SECRET.matcher(line).replaceAll("***"));
  }
}
