package cloud.sealer.cli;

import cloud.sealer.sdk.DiscoveryPolicy;
import cloud.sealer.sdk.Images;
import cloud.sealer.sdk.ReferenceProof;
import cloud.sealer.sdk.VerifyReport;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sealer verify}. */
@Command(
    name = "verify",
    description =
        "Prove without a network that an image is whole and has every container image it names."
            + " Ends with 1 if it has not.",
    sortOptions = false)
final class VerifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private Common common;
  @Mixin private JsonOption json;

  @Option(
      names = "--repair",
      description = "Get what is damaged or missing from the registry of the image's name.")
  private boolean repair;

  @Mixin private DiscoveryOptions discovery;
  @Mixin private SignatureVerification signatures;

  @Parameters(
      index = "0",
      paramLabel = "IMAGE",
      description = "The name or digest of an image, or an archive.")
  private String name;

  @SuppressWarnings("NullAway.Init")
  VerifyCommand() {}

  @Override
  public Integer call() {
    if (signatures.isRemote()) {
      return verifyRemote();
    }
    DiscoveryPolicy policy = discovery.policy(spec.commandLine());
    VerifyReport report =
        ImageName.with(
            common,
            List.of(name),
            builder -> discovery.applyTo(builder, spec.commandLine()),
            (sealer, listener) -> {
              Images images = sealer.images();
              String image = ImageName.of(sealer, name);
              signatures.require(sealer, image, listener);
              return repair
                  ? images.repair(image, policy, listener)
                  : images.verify(image, policy, listener);
            });
    if (!json.print(common.out(), signatures.addTo(ShippingJson.verified(report)))) {
      signatures.print(common.out());
      print(report);
    }
    return report.ok() ? 0 : 1;
  }

  /** Checks what can be checked without having the image. */
  private int verifyRemote() {
    common.with(
        (sealer, listener) -> {
          signatures.require(sealer, name, listener);
          return name;
        });
    if (!json.print(common.out(), signatures.addTo(Json.object()))) {
      signatures.print(common.out());
    }
    return 0;
  }

  private void print(VerifyReport report) {
    for (ReferenceProof proof : report.references()) {
      common
          .out()
          .printf(
              "%-10s %s %s%s%n",
              proof.outcome().name().toLowerCase(Locale.ROOT),
              proof.platform(),
              proof.image(),
              proof.digest().map(digest -> " " + digest).orElse(""));
      if (!proof.reason().isEmpty()) {
        common.out().println("           " + proof.reason());
      }
      proof.origins().forEach(origin -> common.out().println("           " + origin));
    }
    report.healed().forEach(healed -> common.out().println("healed: " + healed));
    report.problems().forEach(problem -> common.err().println("sealer: " + problem));
    if (report.ok()) {
      long served =
          report.references().stream()
              .filter(proof -> proof.outcome() == ReferenceProof.Outcome.OK)
              .count();
      common
          .out()
          .printf(
              "%d blobs hold, %s; %d container images can be served%n",
              report.blobs(), Progress.bytes(report.bytes()), served);
    }
  }
}
