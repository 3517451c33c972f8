package cloud.sealer.core;

import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.spi.SealerProvider;

/** Makes the {@link Sealer} of this artifact. */
public final class DefaultSealerProvider implements SealerProvider {
  /** Called by {@link java.util.ServiceLoader}. */
  public DefaultSealerProvider() {}

  @Override
  public Sealer create(Settings settings) {
    return new DefaultSealer(settings);
  }
}
