/**
 * The client of OCI registries. Start at {@link cloud.sealer.core.registry.HttpRegistryClient}.
 *
 * <p>Layers, from the outside in: {@link cloud.sealer.core.retry.Retries} repeats one try; {@code
 * Manifests}, {@code Blobs}, {@code Uploads} and {@code Tags} are the operations of the <a
 * href="https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md">distribution
 * specification</a>, one try each; {@code Exchange} adds what {@code Authenticator} knows; {@code
 * Redirects} follows redirects; {@code Transport} is the HTTP client. A failure of a try is a
 * {@code RegistryFailure}, which says whether another may help; only {@code Retries} makes a {@link
 * cloud.sealer.sdk.SealerException} of it.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>Apache HttpClient 5, classic, HTTP/1.1, for everything. Blob bodies must be read by a
 *       blocking client: {@code java.net.http} takes three times as long for them. Reads of 4 KiB
 *       and more go from the socket straight into the buffer of the caller, so callers should read
 *       in large pieces. Redirects, retries, cookies, authentication and decompression of
 *       HttpClient are off, because the rules of registries are others: no credentials to object
 *       stores, no changed bytes, retries that are reported.
 *   <li>Cancellation needs no polling and no helper thread: sockets come from channels ({@link
 *       java.nio.channels.SocketChannel#socket()}), whose connects, reads and writes an interrupt
 *       ends at once, by closing the socket, also below TLS. Only looking up a host name cannot be
 *       interrupted.
 *   <li>Reading has a time limit in the socket; writing has none there, so {@code StallWatch} ends
 *       uploads to servers that stop reading.
 *   <li>HTTPS always, plain HTTP only for registries the options name, and never as a fall-back.
 *       Proxies of the environment are not used.
 *   <li>Basic credentials and tokens are sent without being asked only after a registry has
 *       challenged once, and only to the origin that did; a redirect never carries them elsewhere.
 *   <li>Uploads are one {@code PUT} per blob. A broken one starts anew.
 *   <li>HttpClient logs headers through slf4j at level DEBUG under {@code
 *       org.apache.hc.client5.http.headers} and {@code …wire}; whoever turns that on sees
 *       credentials.
 * </ul>
 */
@NullMarked
package cloud.sealer.core.registry;

import org.jspecify.annotations.NullMarked;
