package cloud.sealer.cli;

import cloud.sealer.aliyun.AccessKeyProvider;
import cloud.sealer.aliyun.AliyunInfrastructure;
import cloud.sealer.sdk.Sealer;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options that say which cloud makes machines. */
final class CloudFlags {
  @Option(
      names = "--address-service",
      paramLabel = "URL",
      defaultValue = "https://checkip.amazonaws.com",
      description =
          "Tells the address of this machine in the Internet, the only one that SSH is open to; not"
              + " asked with --machine-option ssh-from=NETWORK. By default ${DEFAULT-VALUE}.")
  private URI addressService;

  @Option(
      names = "--region",
      paramLabel = "REGION",
      description =
          "The region of Aliyun; by default $$RegionID, else cn-chengdu. The key is that of"
              + " $$ACCESSKEYID and $$ACCESSKEYSECRET.")
  private @Nullable String region;

  @Option(
      names = "--cloud-endpoint",
      paramLabel = "URI",
      description = "Where all interfaces of the cloud are, in place of those of the region.")
  private @Nullable URI endpoint;

  @SuppressWarnings("NullAway.Init")
  CloudFlags() {}

  /**
   * Adds the cloud.
   *
   * @param needed whether the command cannot do without; else it is added if there is a key
   */
  Sealer.Builder applyTo(
      Sealer.Builder builder, Settings settings, boolean needed, CommandLine command) {
    if (!settings.hasCloudKey()) {
      if (needed || region != null || endpoint != null) {
        throw new ParameterException(
            command,
            "machines of a cloud need the variables "
                + AccessKeyProvider.ID
                + " and "
                + AccessKeyProvider.SECRET);
      }
      return builder;
    }
    try {
      AliyunInfrastructure.Builder cloud =
          AliyunInfrastructure.builder(settings.cloudKey())
              .region(region != null ? region : settings.cloudRegion())
              .addressService(addressService);
      if (endpoint != null) {
        cloud.endpoint(endpoint);
      }
      return builder.infrastructure(cloud.build());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command, String.valueOf(e.getMessage()), e);
    }
  }
}
