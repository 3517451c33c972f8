package cloud.sealer.sdk.spi;

import cloud.sealer.sdk.CredentialProvider;
import cloud.sealer.sdk.Credentials;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.MediaType;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Speaks the <a href="https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md">OCI
 * distribution</a> protocol.
 *
 * <p>Thread-safe. The {@link Reference} of a blob operation only says in which repository. Requests
 * are tried again after failures of the network and of busy servers; retries are reported to the
 * task.
 */
public interface RegistryClient extends AutoCloseable {
  /**
   * Gets a manifest or index with its exact bytes. If the reference has a digest, the bytes have
   * it.
   *
   * @param reference by tag or digest; the digest counts if it has both
   * @param task where to report retries
   * @return the manifest
   * @throws cloud.sealer.sdk.SealerException with {@link
   *     cloud.sealer.sdk.ErrorCode#IMAGE_NOT_FOUND}, {@link
   *     cloud.sealer.sdk.ErrorCode#UNAUTHORIZED}, {@link cloud.sealer.sdk.ErrorCode#UNREACHABLE}
   *     and others
   */
  Manifest manifest(Reference reference, Task task);

  /**
   * Asks what a manifest or index is without getting it.
   *
   * @param reference by tag or digest
   * @param task where to report retries
   * @return its descriptor; empty if there is none
   */
  Optional<Descriptor> head(Reference reference, Task task);

  /**
   * Asks for what need not be there, such as a signature. Like {@link #head}, but a mirror that
   * says no is believed, so that nobody else is asked.
   *
   * @param reference by tag or digest
   * @param task where to report retries
   * @return its descriptor; empty if there is none
   */
  default Optional<Descriptor> lookUp(Reference reference, Task task) {
    return head(reference, task);
  }

  /**
   * Sends a manifest or index.
   *
   * @param reference by tag or digest
   * @param mediaType what it is
   * @param bytes its exact bytes
   * @param task where to report retries
   */
  void putManifest(Reference reference, MediaType mediaType, byte[] bytes, Task task);

  /**
   * Opens a blob. The caller verifies the digest, and calls again with a higher offset when the
   * stream breaks.
   *
   * @param repository the repository
   * @param blob the blob
   * @param offset where to begin, in bytes
   * @param task where to report retries
   * @return the stream, which may begin earlier than asked if the registry knows no ranges
   */
  BlobStream blob(Reference repository, Descriptor blob, long offset, Task task);

  /**
   * Whether a repository has a blob.
   *
   * @param repository the repository
   * @param digest the blob
   * @param task where to report retries
   * @return true if so
   */
  boolean hasBlob(Reference repository, Digest digest, Task task);

  /**
   * Sends a blob, from the start if it breaks.
   *
   * @param repository the repository
   * @param blob the blob
   * @param content its bytes
   * @param task where to report bytes and retries
   */
  void putBlob(Reference repository, Descriptor blob, FileTree.Content content, Task task);

  /**
   * Asks the registry to take a blob from another of its repositories.
   *
   * @param repository the repository that wants it
   * @param digest the blob
   * @param from the path of the repository that may have it
   * @param task where to report retries
   * @return false if the blob must be sent
   */
  boolean mount(Reference repository, Digest digest, String from, Task task);

  /**
   * Asks for the manifests whose {@code subject} is another, by the <a
   * href="https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#listing-referrers">referrers
   * API</a>.
   *
   * @param subject the other manifest, by digest
   * @param task where to report retries
   * @return their descriptors; empty if the registry, or this client, does not have that API, so
   *     that the tag that stands in for it must be asked
   */
  default Optional<List<Descriptor>> referrers(Reference subject, Task task) {
    return Optional.empty();
  }

  /**
   * The tags of a repository.
   *
   * @param repository the repository
   * @param task where to report retries
   * @return all tags, in the registry's order
   */
  List<String> tags(Reference repository, Task task);

  /**
   * Checks credentials.
   *
   * @param registry its host, with port if there is one
   * @param credentials who to be
   * @throws cloud.sealer.sdk.SealerException with {@link cloud.sealer.sdk.ErrorCode#UNAUTHORIZED}
   *     if it refuses them
   */
  void check(String registry, Credentials credentials);

  /**
   * Tells that the bytes that came for a blob did not have its digest. A client that got them from
   * a mirror asks elsewhere the next time. Ignored by default.
   *
   * @param repository the repository
   * @param digest the blob
   */
  default void damaged(Reference repository, Digest digest) {}

  /**
   * The same client as somebody else, for a part of the work. It shares the connections of this one
   * and needs no closing.
   *
   * @param credentials who to be; asked before the credentials of this client
   * @return the client
   * @throws cloud.sealer.sdk.SealerException with {@link
   *     cloud.sealer.sdk.ErrorCode#PROVIDER_MISSING} if this client cannot do that, as by default
   */
  default RegistryClient withCredentials(CredentialProvider credentials) {
    throw SealerException.builder(
            ErrorCode.PROVIDER_MISSING,
            "the registry client " + getClass().getName() + " takes no further credentials")
        .remedy("give the credentials to that client, and leave them out here")
        .build();
  }

  /**
   * What a request for blobs of a repository has to carry, so that another machine may make it: the
   * value of the {@code Authorization} header. Only good for a while.
   *
   * @param repository the repository
   * @param task where to report retries
   * @return the value; empty if none is needed, or this client cannot tell, as by default
   */
  default Optional<Secret> authorization(Reference repository, Task task) {
    return Optional.empty();
  }

  /** Closes all connections. */
  @Override
  void close();

  /**
   * A manifest or index as the registry has it.
   *
   * @param descriptor what it is
   * @param bytes its exact bytes; not to be changed
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Manifest(Descriptor descriptor, byte[] bytes) {
    /** Checks the parts. */
    public Manifest {
      Objects.requireNonNull(descriptor, "descriptor");
      Objects.requireNonNull(bytes, "bytes");
    }
  }

  /** The bytes of a blob from some place on. */
  interface BlobStream extends AutoCloseable {
    /**
     * Where the bytes begin.
     *
     * @return the offset asked for, or 0
     */
    long offset();

    /**
     * The bytes. Reading fails if they end early.
     *
     * @return the stream, closed with this
     */
    InputStream body();

    @Override
    void close() throws IOException;
  }
}
