package cloud.sealer.core.trust;

import cloud.sealer.core.archive.ArchiveFile;
import cloud.sealer.core.image.Annotations;
import cloud.sealer.core.image.ArtifactManifest;
import cloud.sealer.core.image.Attachment;
import cloud.sealer.core.image.Documents;
import cloud.sealer.core.image.OciIndex;
import cloud.sealer.core.signature.SignatureSource;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Referrer;
import cloud.sealer.sdk.SealerException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;
import org.jspecify.annotations.Nullable;

/** The signatures in an archive: only headers and the small blobs asked for are read. */
final class ArchivedSignatures implements SignatureSource, AutoCloseable {
  private static final int MAX_ENTRIES = 100_000;

  private final Path archive;
  private final TarFile tar;
  private final Map<String, TarArchiveEntry> entries = new HashMap<>();
  private final Map<String, Digest> images = new LinkedHashMap<>();
  private final List<Attachment> attached = new ArrayList<>();

  private ArchivedSignatures(Path archive, TarFile tar) throws IOException {
    this.archive = archive;
    this.tar = tar;
    for (TarArchiveEntry entry : tar.getEntries()) {
      String name = entry.getName();
      entries.put(name.startsWith("./") ? name.substring(2) : name, entry);
    }
    for (Descriptor entry :
        OciIndex.parse(read("index.json"), "index.json of " + archive).manifests()) {
      String name = entry.annotations().get(Annotations.REF_NAME);
      Optional<Attachment> attachment = Attachment.parse(name, entry);
      if (attachment.isPresent()) {
        attached.add(attachment.get());
      } else {
        Digest other = images.put(name == null ? entry.digest().toString() : name, entry.digest());
        if (other != null && !other.equals(entry.digest())) {
          throw invalid(archive, "it has two images named " + name, null);
        }
      }
    }
  }

  static ArchivedSignatures open(Path archive) {
    TarFile tar = null;
    try {
      ArchiveFile file = ArchiveFile.at(archive);
      if (file.isCompressed()) {
        throw SealerException.builder(
                ErrorCode.INVALID_ARCHIVE,
                "cannot read signatures straight from " + archive + ": it is compressed")
            .remedy("verify its image in a Sealer that has the archive, or decompress it first")
            .build();
      }
      try (TarFile bounded = new TarFile(file.headers())) {
        if (bounded.getEntries().size() > MAX_ENTRIES) {
          throw invalid(archive, "it has more than " + MAX_ENTRIES + " entries", null);
        }
      }
      tar = new TarFile(file.channel());
      return new ArchivedSignatures(archive, tar);
    } catch (NoSuchFileException e) {
      throw invalid(archive, "no such file", e);
    } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
      close(tar);
      throw invalid(archive, String.valueOf(e.getMessage()), e);
    } catch (SealerException e) {
      close(tar);
      throw e;
    }
  }

  private static void close(@Nullable TarFile tar) {
    try {
      if (tar != null) {
        tar.close();
      }
    } catch (IOException e) {
      return; // only read
    }
  }

  private static SealerException invalid(Path archive, String reason, @Nullable Throwable cause) {
    return SealerException.builder(
            ErrorCode.INVALID_ARCHIVE, "cannot read " + archive + ": " + reason)
        .remedy("give an OCI archive: a tar of an OCI image layout, as save writes it")
        .cause(cause)
        .build();
  }

  /** The images, by name. */
  Map<String, Digest> images() {
    return images;
  }

  private byte[] read(String name) throws IOException {
    TarArchiveEntry entry = entries.get(name);
    if (entry == null) {
      throw invalid(archive, "it has no " + name, null);
    }
    try (InputStream in = tar.getInputStream(entry)) {
      return in.readNBytes(Documents.MAX_SIZE);
    }
  }

  @Override
  public List<ArtifactManifest> signatures(Digest subject) {
    List<ArtifactManifest> found = new ArrayList<>();
    for (Attachment attachment : attached) {
      if (attachment.subject().equals(subject)) {
        String where = "artifact " + attachment.manifest().digest() + " of " + archive;
        ArtifactManifest content = ArtifactManifest.parse(blob(attachment.manifest()), where);
        if (attachment.artifactType(content).equals(Referrer.COSIGN_SIGNATURE)) {
          found.add(content);
        }
      }
    }
    return found;
  }

  @Override
  public byte[] blob(Descriptor blob) {
    Documents.checkSize(blob);
    try {
      byte[] bytes = read("blobs/" + blob.digest().algorithm() + "/" + blob.digest().hex());
      if (!Documents.digest(bytes, blob.digest()).equals(blob.digest())) {
        throw invalid(archive, "blob " + blob.digest() + " is damaged", null);
      }
      return bytes;
    } catch (IOException e) {
      throw invalid(archive, String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public void close() {
    close(tar);
  }
}
