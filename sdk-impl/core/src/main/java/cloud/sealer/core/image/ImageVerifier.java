package cloud.sealer.core.image;

import cloud.sealer.core.discovery.ApiVersions;
import cloud.sealer.core.discovery.DiscoveryCollector;
import cloud.sealer.core.event.TaskStarter;
import cloud.sealer.core.transfer.Transfers;
import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.ClusterImage.PlatformImage;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.DiscoveryPolicy;
import cloud.sealer.sdk.DiscoveryReport;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.ReferenceProof;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.VerifyReport;
import cloud.sealer.sdk.spi.ImageDiscoverer;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.Task;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Proves that an image in the store is whole and names nothing it cannot serve. It has a store and
 * discoverers, and nothing that could reach a network.
 */
final class ImageVerifier {
  private static final int BUFFER = 256 * 1024;
  private static final List<RootfsPath> SEARCHED =
      List.of(
          RootfsPath.of("charts"),
          RootfsPath.of("manifests"),
          RootfsPath.of("etc"),
          RootfsPath.of("Metadata"));

  private final LayerStore store;
  private final Transfers transfers;
  private final List<ImageDiscoverer> discoverers;

  ImageVerifier(LayerStore store, Transfers transfers, List<ImageDiscoverer> discoverers) {
    this.store = store;
    this.transfers = transfers;
    this.discoverers = List.copyOf(discoverers);
  }

  VerifyReport verify(
      ClusterImage image, DiscoveryPolicy policy, LayerStore.Session session, TaskStarter parent) {
    Map<Digest, Descriptor> blobs = new LinkedHashMap<>();
    new ImageReader(store)
        .blobs(image.descriptor())
        .forEach(blob -> blobs.putIfAbsent(blob.digest(), blob));
    long bytes = blobs.values().stream().mapToLong(Descriptor::size).sum();
    try (Task task = parent.start(Event.TaskKind.VERIFY, image.reference().toString(), bytes)) {
      Set<String> problems = new LinkedHashSet<>();
      Set<Digest> whole = check(blobs.values(), image, problems, task);
      List<ReferenceProof> proofs = new ArrayList<>();
      for (PlatformImage platform : image.platforms()) {
        if (RegistryContent.fileLayers(platform).stream()
            .map(Descriptor::digest)
            .allMatch(whole::contains)) {
          proofs.addAll(new Proof(platform, policy, session, task).run(problems));
        }
      }
      task.done(problems.isEmpty() ? "all blobs hold" : problems.size() + " problems");
      return new VerifyReport(blobs.size(), bytes, proofs, List.of(), List.copyOf(problems));
    }
  }

  /** Hashes all blobs on all cores and returns those that are whole. */
  private Set<Digest> check(
      Collection<Descriptor> blobs, ClusterImage image, Set<String> problems, Task task) {
    Set<Digest> whole = ConcurrentHashMap.newKeySet();
    transfers
        .map(
            "verifying " + image.reference(),
            blobs,
            blob -> {
              Optional<String> problem = check(blob, task);
              if (problem.isEmpty()) {
                whole.add(blob.digest());
              }
              return problem;
            })
        .forEach(problem -> problem.ifPresent(problems::add));
    return whole;
  }

  private Optional<String> check(Descriptor blob, Task task) {
    if (store.size(blob.digest()).isEmpty()) {
      return Optional.of("blob " + blob.digest() + " (" + blob.mediaType() + ") is missing");
    }
    String held = blob.annotations().get(Annotations.BLOB);
    if (held != null) {
      BlobOfLayer layer = new BlobOfLayer(store, Digest.parse(held), blob);
      if (!layer.isKnown()) {
        return prove(layer, task);
      }
    }
    return hash(blob, task);
  }

  private static Optional<String> prove(BlobOfLayer layer, Task task) {
    try {
      return layer.prove(task::advance);
    } catch (SealerException e) {
      if (e.code() == ErrorCode.CANCELLED || e.code() == ErrorCode.STORE_IO) {
        throw e;
      }
      task.evicted(layer.layer().digest(), String.valueOf(e.getMessage()));
      return Optional.of(e.getMessage() + "; " + e.remedy());
    }
  }

  private Optional<String> hash(Descriptor blob, Task task) {
    boolean sha512 = blob.digest().algorithm().equals("sha512");
    Hasher hasher = sha512 ? Hashing.sha512().newHasher() : Hashing.sha256().newHasher();
    long size = 0;
    try (InputStream in = store.open(blob.digest())) {
      byte[] buffer = new byte[BUFFER];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (Thread.currentThread().isInterrupted()) {
          throw SealerException.cancelled("verifying");
        }
        hasher.putBytes(buffer, 0, n);
        size += n;
        task.advance(n);
      }
    } catch (ClosedByInterruptException e) {
      throw SealerException.cancelled("verifying");
    } catch (IOException e) {
      return Optional.of("blob " + blob.digest() + " cannot be read: " + e.getMessage());
    }
    Digest actual = new Digest(blob.digest().algorithm(), hasher.hash().toString());
    if (size == blob.size() && actual.equals(blob.digest())) {
      return Optional.empty();
    }
    if (!actual.equals(blob.digest())) {
      store.evict(blob.digest());
      task.evicted(blob.digest(), "its bytes hash to " + actual);
    }
    return Optional.of(
        "blob "
            + blob.digest()
            + " is damaged: its bytes hash to "
            + actual
            + "; it was removed, so pull or build the image again");
  }

  /** The proof for one platform. */
  private final class Proof {
    private final PlatformImage platform;
    private final DiscoveryPolicy policy;
    private final LayerStore.Session session;
    private final Task task;

    Proof(PlatformImage platform, DiscoveryPolicy policy, LayerStore.Session session, Task task) {
      this.platform = platform;
      this.policy = policy;
      this.session = session;
      this.task = task;
    }

    List<ReferenceProof> run(Set<String> problems) {
      try (RegistryContent registry =
          RegistryContent.open(store, platform, Proof::isSearched, session.scratch())) {
        problems.addAll(registry.damaged());
        List<ReferenceProof> proofs =
            new ReferenceCheck(platform.platform(), registry)
                .check(discover(registry, problems), platform.metadata().containerImages());
        proofs.forEach(proof -> problem(proof).ifPresent(problems::add));
        return proofs;
      } catch (SealerException e) {
        if (e.code() == ErrorCode.CANCELLED || e.code() == ErrorCode.STORE_IO) {
          throw e;
        }
        problems.add(e.getMessage() + "; " + e.remedy());
        return List.of();
      }
    }

    private static boolean isSearched(RootfsPath path) {
      return SEARCHED.stream().anyMatch(path::startsWith);
    }

    private DiscoveryReport discover(RegistryContent registry, Set<String> problems) {
      try {
        return DiscoveryCollector.discover(
                registry.files(),
                new ImageDiscoverer.Surroundings(
                    session.scratch(),
                    platform.metadata().kubernetesVersion(),
                    ApiVersions.askedFor(registry.files())),
                discoverers,
                policy,
                task::notice)
            .report();
      } catch (SealerException e) {
        if (e.code() == ErrorCode.CANCELLED || e.code() == ErrorCode.STORE_IO) {
          throw e;
        }
        problems.add("its images cannot be searched for: " + e.getMessage());
        return DiscoveryReport.EMPTY;
      }
    }

    private Optional<String> problem(ReferenceProof proof) {
      boolean fails =
          switch (proof.outcome()) {
            case OK -> false;
            case MISSING, DAMAGED -> true;
            case UNRESOLVED -> policy.unresolved() == DiscoveryPolicy.Action.FAIL;
            case SUSPECTED -> policy.suspected() == DiscoveryPolicy.Action.FAIL;
          };
      String where = proof.origins().isEmpty() ? "" : ", named in " + proof.origins().get(0);
      return fails
          ? Optional.of(
              "container image "
                  + proof.image()
                  + " for "
                  + proof.platform()
                  + where
                  + ": "
                  + proof.reason())
          : Optional.empty();
    }
  }
}
