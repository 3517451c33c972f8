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
   * Picks the provider for a cluster.
   *
   * @param name the name of the wanted one; empty for the only one there is
   * @throws SealerException with {@link ErrorCode#PROVIDER_MISSING}
   */
  public InfrastructureProvider choose(String name) {
    if (all.isEmpty()) {
      throw Sealer.missing("maker of machines", "sealer-sdk-docker or sealer-sdk-aliyun");
    }
    if (name.isEmpty() && all.size() > 1) {
      throw SealerException.builder(
              ErrorCode.INVALID_REQUEST, "there are several makers of machines, and none is named")
          .remedy("name one as spec.provider of the document of kind Infra: " + names(all))
          .build();
    }
    return name.isEmpty() ? all.get(0) : named(all, name);
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
    return name.isEmpty() ? fit.get(0) : named(fit, name);
  }

  private static InfrastructureProvider named(List<InfrastructureProvider> fit, String name) {
    return fit.stream()
        .filter(provider -> provider.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                SealerException.builder(
                        ErrorCode.PROVIDER_MISSING,
                        "no maker of machines is called \"" + name + "\" here")
                    .remedy(
                        "choose one of "
                            + names(fit)
                            + "; or set it up with Sealer.Builder.infrastructure (a cloud needs the"
                            + " key of an account)")
                    .build());
  }

  private static String names(List<InfrastructureProvider> providers) {
    return providers.stream().map(InfrastructureProvider::name).collect(Collectors.joining(", "));
  }
}
