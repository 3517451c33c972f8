package cloud.sealer.kubernetes.distribution;

import cloud.sealer.sdk.Distribution;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.ImageDistributor;
import cloud.sealer.sdk.spi.RegistryClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The ways for layers to hosts. Immutable. */
public final class Distributors {
  private final List<ImageDistributor> all;

  /**
   * Those of others, before those that are built in.
   *
   * @param others the others, first to last
   * @param client speaks to the registries that hosts pull from
   * @param registries how registries are reached
   */
  public Distributors(
      List<ImageDistributor> others, RegistryClient client, RegistryOptions registries) {
    all = new ArrayList<>(others);
    all.add(new SendingDistributor());
    all.add(new PullingDistributor(client, registries));
  }

  /**
   * A distributor and what it was told.
   *
   * @param distributor the distributor
   * @param from where it takes layers from
   */
  record Route(ImageDistributor distributor, String from) {}

  /**
   * Finds a distributor.
   *
   * @param wanted which; empty for the default
   * @throws SealerException with {@link ErrorCode#PROVIDER_MISSING} if there is none of that name
   */
  Route choose(Optional<Distribution> wanted) {
    Distribution distribution = wanted.orElse(Distribution.SEND);
    return all.stream()
        .filter(each -> each.name().equals(distribution.distributor()))
        .findFirst()
        .map(each -> new Route(each, distribution.from()))
        .orElseThrow(
            () ->
                SealerException.builder(
                        ErrorCode.PROVIDER_MISSING,
                        "no distributor \"" + distribution.distributor() + "\"")
                    .remedy(
                        "there are "
                            + String.join(
                                ", ", all.stream().map(ImageDistributor::name).distinct().toList())
                            + "; others are set by Sealer.Builder.imageDistributor")
                    .build());
  }
}
