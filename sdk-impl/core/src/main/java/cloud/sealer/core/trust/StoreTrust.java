package cloud.sealer.core.trust;

import cloud.sealer.core.event.TaskStarter;
import cloud.sealer.core.event.TaskTree;
import cloud.sealer.core.image.ArtifactManifest;
import cloud.sealer.core.image.Attachment;
import cloud.sealer.core.image.Attachments;
import cloud.sealer.core.image.Documents;
import cloud.sealer.core.image.Names;
import cloud.sealer.core.sbom.Inventory;
import cloud.sealer.core.sbom.SbomWriter;
import cloud.sealer.core.signature.ImageSignatures;
import cloud.sealer.core.store.StoreFailure;
import cloud.sealer.core.store.VerifiedBlob;
import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.ImageTrust;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.Referrer;
import cloud.sealer.sdk.SbomFormat;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.SignOptions;
import cloud.sealer.sdk.SignatureCheck;
import cloud.sealer.sdk.SignatureReport;
import cloud.sealer.sdk.spi.ImageSigner;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.RegistryClient;
import cloud.sealer.sdk.spi.Task;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** Trust in the images of one store. */
public final class StoreTrust implements ImageTrust {
  private static final String TITLE = "org.opencontainers.image.title";
  private static final String CREATED = "org.opencontainers.image.created";

  private final LayerStore store;
  private final Names names;
  private final RegistryClient client;
  private final Clock clock;
  private final Attachments attachments;

  /**
   * Trust in the images of a store.
   *
   * @param store the store
   * @param names the names of its images
   * @param client reaches registries
   * @param clock for the time of events
   */
  public StoreTrust(LayerStore store, Names names, RegistryClient client, Clock clock) {
    this.store = store;
    this.names = names;
    this.client = client;
    this.clock = clock;
    this.attachments = new Attachments(store);
  }

  @Override
  public List<Referrer> sign(String name, SignOptions options, EventListener listener) {
    Names.Found found = names.resolve(name);
    ImageSigner signer = ImageSignatures.signer(options);
    return work(
        listener,
        (session, parent) -> {
          try (Task task = parent.start(Event.TaskKind.SIGN, found.reference().toString(), -1)) {
            List<Referrer> signed = new ArrayList<>();
            for (Digest subject : attachments.subjects(found.image())) {
              signed.add(
                  referrer(
                      ImageSignatures.sign(
                          found.reference(),
                          subject,
                          signer,
                          options.annotations(),
                          attachments,
                          session)));
            }
            task.done(found.image().digest().toString());
            return signed;
          }
        });
  }

  @Override
  public SignatureReport verify(String name, SignatureCheck check) {
    Names.Found found = names.resolve(name);
    return ImageSignatures.check(
        names.stored(found.reference()),
        found.image().digest(),
        check,
        new StoredSignatures(store));
  }

  @Override
  public SignatureReport verifyRemote(String name, SignatureCheck check, EventListener listener) {
    Reference reference = names.parse(name);
    try (TaskTree tasks = new TaskTree(listener, clock);
        Task task = tasks.start(Event.TaskKind.VERIFY, reference.toString(), -1)) {
      Descriptor image =
          client
              .head(reference, task)
              .orElseThrow(
                  () ->
                      SealerException.builder(
                              ErrorCode.IMAGE_NOT_FOUND, "the registry has no image " + reference)
                          .remedy("check the name")
                          .detail("reference", reference)
                          .build());
      SignatureReport report =
          ImageSignatures.check(
              reference.toString(),
              image.digest(),
              check,
              new RemoteSignatures(client, reference, task));
      task.done(report.signatures().size() + " signatures");
      return report;
    }
  }

  @Override
  public List<SignatureReport> verifyArchive(Path archive, SignatureCheck check) {
    try (ArchivedSignatures archived = ArchivedSignatures.open(archive)) {
      List<SignatureReport> reports = new ArrayList<>();
      for (Map.Entry<String, Digest> image : archived.images().entrySet()) {
        reports.add(ImageSignatures.check(image.getKey(), image.getValue(), check, archived));
      }
      return reports;
    }
  }

  @Override
  public void sbom(String name, SbomFormat format, OutputStream out, EventListener listener) {
    ClusterImage image = names.read(names.resolve(name));
    work(
        listener,
        (session, parent) -> {
          Inventory inventory = inventory(image, parent);
          try {
            SbomWriter.write(inventory, format, out);
          } catch (IOException e) {
            throw cannotWrite("the bill of materials", e);
          }
          return inventory;
        });
  }

  private Inventory inventory(ClusterImage image, TaskStarter parent) {
    String name = image.reference().toString();
    try (Task task = parent.start(Event.TaskKind.SBOM, name, Inventory.size(image))) {
      Inventory inventory = Inventory.read(store, image, task::advance);
      task.done(inventory.items().size() + " components");
      return inventory;
    }
  }

  private static SealerException cannotWrite(String what, IOException e) {
    return SealerException.builder(
            ErrorCode.STORE_IO, "cannot write " + what + ": " + e.getMessage())
        .remedy("check where it goes to, and free space there")
        .cause(e)
        .build();
  }

  @Override
  public Referrer attachSbom(String name, SbomFormat format, EventListener listener) {
    Names.Found found = names.resolve(name);
    ClusterImage image = names.read(found);
    return work(
        listener,
        (session, parent) -> {
          Inventory inventory = inventory(image, parent);
          Descriptor document;
          try (BlobOutput out = BlobOutput.open(session)) {
            SbomWriter.write(inventory, format, out);
            document = out.commit(format.mediaType());
          } catch (IOException e) {
            throw StoreFailure.of("write", "the bill of materials of " + name, e);
          }
          String end = format == SbomFormat.SPDX ? ".spdx.json" : ".cdx.json";
          Documents.write(session, ArtifactManifest.EMPTY_CONFIG);
          return referrer(
              attachments.put(
                  session,
                  new ArtifactManifest(
                      format.mediaType().value(),
                      ArtifactManifest.EMPTY,
                      List.of(document.withAnnotation(TITLE, "sbom" + end)),
                      new Descriptor(
                          found.image().mediaType(), found.image().digest(), found.image().size()),
                      Map.of(CREATED, inventory.created().toString()))));
        });
  }

  @Override
  public List<Referrer> referrers(String name) {
    return attachments.of(names.resolve(name).image()).stream()
        .map(this::referrer)
        .sorted(
            Comparator.comparing((Referrer one) -> one.subject().toString())
                .thenComparing(Referrer::artifactType)
                .thenComparing(one -> one.descriptor().digest().toString()))
        .toList();
  }

  private Referrer referrer(Attachment attachment) {
    ArtifactManifest content = attachments.read(attachment);
    return new Referrer(
        attachment.subject(), attachment.artifactType(content), attachment.descriptor(content));
  }

  @Override
  public void content(Referrer referrer, OutputStream out) {
    if (store.size(referrer.descriptor().digest()).isEmpty()) {
      throw SealerException.builder(
              ErrorCode.IMAGE_NOT_FOUND,
              "no artifact " + referrer.descriptor().digest() + " in the store")
          .remedy("list the referrers of the image")
          .build();
    }
    String where = "artifact " + referrer.descriptor().digest();
    List<Descriptor> layers =
        ArtifactManifest.parse(Documents.read(store, referrer.descriptor()), where).layers();
    if (layers.size() != 1) {
      throw SealerException.builder(
              ErrorCode.IMAGE_UNSUPPORTED, where + " has " + layers.size() + " layers, not one")
          .remedy("read it with a tool for " + referrer.artifactType())
          .build();
    }
    try (InputStream in = VerifiedBlob.open(store, layers.get(0))) {
      in.transferTo(out);
    } catch (IOException e) {
      throw cannotWrite("the content of " + where, e);
    }
  }

  private <R> R work(EventListener listener, BiFunction<LayerStore.Session, TaskStarter, R> work) {
    try (TaskTree tasks = new TaskTree(listener, clock);
        LayerStore.Session session = store.session()) {
      return work.apply(session, tasks::start);
    }
  }
}
