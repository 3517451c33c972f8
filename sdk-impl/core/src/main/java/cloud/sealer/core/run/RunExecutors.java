package cloud.sealer.core.run;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.RunExecutor;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The executors that need nothing but a Linux kernel and a shell, and the choice among executors.
 *
 * <p>Commands start with a clean environment: {@code PATH} is the view's {@code bin} and then the
 * usual system directories, {@code HOME} is an empty directory that is thrown away, {@code LANG} is
 * {@code C.UTF-8}, {@code SHELL} is {@code /bin/sh}; the variables of the request are added to or
 * replace these. The umask is 022 and the standard input is empty.
 */
public final class RunExecutors {
  private RunExecutors() {}

  /**
   * The executors of this package, the preferred one first.
   *
   * @param probeDirectory a directory on the file system that builds use, created if missing;
   *     whether an executor works there is tried once, with a small command in a temporary
   *     directory below it
   * @return {@code overlay}, {@code overlay-userns} and {@code copy}
   */
  public static List<RunExecutor> standard(Path probeDirectory) {
    return List.of(
        ShellExecutor.overlay(probeDirectory),
        ShellExecutor.overlayInUserNamespace(probeDirectory),
        ShellExecutor.copy(probeDirectory));
  }

  /**
   * Picks the first executor that works, or the one asked for.
   *
   * @param executors the executors, the preferred one first
   * @param name the name of the wanted one; empty for any
   * @param platform the platform whose programs it is to execute; null if that is not known
   * @return an executor that works on this machine
   * @throws SealerException with {@link ErrorCode#RUN_UNAVAILABLE} if there is none, saying of each
   *     why not
   */
  public static RunExecutor choose(
      List<RunExecutor> executors, Optional<String> name, @Nullable Platform platform) {
    List<RunExecutor> candidates =
        executors.stream().filter(e -> name.isEmpty() || e.name().equals(name.get())).toList();
    if (candidates.isEmpty() && name.isPresent()) {
      throw unavailable("there is no RUN executor \"" + name.get() + "\"")
          .remedy("choose one of " + names(executors) + ", or none to have one chosen")
          .build();
    }
    StringBuilder reasons = new StringBuilder();
    boolean foreign = false;
    for (RunExecutor candidate : candidates) {
      Optional<String> reason = candidate.unavailable();
      if (reason.isEmpty() && platform != null) {
        reason = candidate.unavailable(platform);
        foreign |= reason.isPresent();
      }
      if (reason.isEmpty()) {
        return candidate;
      }
      reasons.append("\n  ").append(candidate.name()).append(": ").append(reason.get());
    }
    if (foreign) {
      throw unavailable("RUN cannot be executed for " + platform + ":" + reasons)
          .remedy(
              "install an emulator (on Debian: apt install qemu-user-static binfmt-support), build"
                  + " for this platform on a machine of it, or make the files elsewhere and COPY"
                  + " them")
          .build();
    }
    throw unavailable("RUN cannot be executed on this machine:" + reasons)
        .remedy(
            name.isPresent()
                ? "leave the choice of the executor open, or mend what is said above"
                : "mend what is said above, or build in a container")
        .build();
  }

  private static SealerException.Builder unavailable(String message) {
    return SealerException.builder(ErrorCode.RUN_UNAVAILABLE, message);
  }

  private static String names(List<RunExecutor> executors) {
    return executors.stream().map(RunExecutor::name).collect(Collectors.joining(", "));
  }
}
