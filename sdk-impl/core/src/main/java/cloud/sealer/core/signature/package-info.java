/**
 * Signatures of images as <a
 * href="https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md">cosign</a> makes them
 * with a key.
 *
 * <p>{@link cloud.sealer.core.signature.ImageSignatures} is the way in. What is signed is a small
 * document that names the digest, {@link cloud.sealer.core.signature.SimpleSigning}; the signature
 * stands beside it in an annotation. Nothing here asks a transparency log, an authority or a clock:
 * a signature holds as long as its key is trusted.
 */
@NullMarked
package cloud.sealer.core.signature;

import org.jspecify.annotations.NullMarked;
