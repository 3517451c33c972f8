package cloud.sealer.core.machines;

import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.InfrastructureProvider;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The makers of machines, the preferred one first.
 *
 * @param all each name once
 */
public record Providers(List<InfrastructureProvider> all) {
  /** Copies the list. */
  public Providers {
    all = List.copyOf(all);
  }

  /**
   * Picks the provider for a build.
   *
   * @param mode the mode of the build
   * @param name the name of the wanted one; empty for the first
   * @throws SealerException with {@link ErrorCode#PROVIDER_MISSING}
   */
  public InfrastructureProvider choose(BuildMode mode, String name) {
    List<InfrastructureProvider> fit =
        all.stream().filter(provider -> provider.mode() == mode).toList();
    if (fit.isEmpty()) {
      throw Sealer.missing(
          "maker of machines for the mode " + mode.name().toLowerCase(Locale.ROOT),
          mode == BuildMode.CONTAINER ? "sealer-sdk-docker" : "sealer-sdk-aliyun");
    }
    return fit.stream()
        .filter(provider -> name.isEmpty() || provider.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                SealerException.builder(
                        ErrorCode.PROVIDER_MISSING,
                        "no maker of machines is called \"" + name + "\"")
                    .remedy(
                        "choose one of "
                            + fit.stream()
                                .map(InfrastructureProvider::name)
                                .collect(Collectors.joining(", ")))
                    .build());
  }
}
