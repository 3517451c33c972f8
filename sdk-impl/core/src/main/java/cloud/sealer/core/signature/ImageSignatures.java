package cloud.sealer.core.signature;

import cloud.sealer.core.image.ArtifactManifest;
import cloud.sealer.core.image.Attachment;
import cloud.sealer.core.image.Attachments;
import cloud.sealer.core.image.Documents;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.MediaType;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.SignOptions;
import cloud.sealer.sdk.SignatureCheck;
import cloud.sealer.sdk.SignatureReport;
import cloud.sealer.sdk.spi.ImageSigner;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.SignatureVerifier;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes and checks signatures of images. */
public final class ImageSignatures {
  private static final String SIGNATURE = "dev.cosignproject.cosign/signature";

  private ImageSignatures() {}

  /** Who signs by the given options. */
  public static ImageSigner signer(SignOptions options) {
    return options
        .signer()
        .orElseGet(() -> KeyFiles.signer(options.keyFile().orElseThrow(), options.passphrase()));
  }

  /**
   * Signs a digest, and attaches the signature to it.
   *
   * @param image the name whose repository the signature is for
   * @param subject what to sign
   * @param signer signs
   * @param annotations what else to say
   * @param attachments of the store of the image
   * @param session writes the blobs
   * @return the attachment that has the signature, beside those that were there
   */
  public static Attachment sign(
      Reference image,
      Digest subject,
      ImageSigner signer,
      Map<String, String> annotations,
      Attachments attachments,
      LayerStore.Session session) {
    String identity = image.registry() + "/" + image.repository();
    byte[] payload = new SimpleSigning(identity, subject, annotations).toJson();
    byte[] signature;
    try {
      signature = signer.sign(payload.clone());
    } catch (IOException | GeneralSecurityException e) {
      throw SealerException.builder(
              ErrorCode.INVALID_REQUEST, "cannot sign " + image + ": " + e.getMessage())
          .remedy("check the key, and the service or device that has it")
          .cause(e)
          .build();
    }
    Digest blob = Documents.write(session, payload);
    Descriptor layer =
        new Descriptor(new MediaType(SimpleSigning.MEDIA_TYPE), blob, payload.length)
            .withAnnotation(SIGNATURE, Base64.getEncoder().encodeToString(signature));
    return attachments.add(session, subject, Attachment.SIGNATURE, List.of(layer));
  }

  /** Checks the signatures of a digest. */
  public static SignatureReport check(
      String image, Digest subject, SignatureCheck check, SignatureSource source) {
    List<SignatureVerifier> verifiers = new ArrayList<>(check.verifiers());
    check.keys().forEach(key -> verifiers.add(KeyFiles.verifier(key)));
    List<SignatureReport.Signature> good = new ArrayList<>();
    List<String> rejected = new ArrayList<>();
    for (ArtifactManifest manifest : source.signatures(subject)) {
      for (Descriptor layer : manifest.layers()) {
        if (layer.mediaType().value().equals(SimpleSigning.MEDIA_TYPE)) {
          Checked checked = new Checked(layer, source.blob(layer));
          checked
              .reject(subject, verifiers, check.annotations())
              .ifPresentOrElse(rejected::add, () -> good.add(checked.signature()));
        }
      }
    }
    return new SignatureReport(image, subject, good, rejected);
  }

  /**
   * One signature.
   *
   * @param layer its descriptor, which has the signature
   * @param payload what was signed
   */
  @SuppressWarnings("ArrayRecordComponent")
  private record Checked(Descriptor layer, byte[] payload) {
    /** Why it does not count; empty if it does. The key first: what is not signed is not read. */
    Optional<String> reject(
        Digest subject, List<SignatureVerifier> verifiers, Map<String, String> wanted) {
      String name = "signature " + layer.digest();
      try {
        byte[] signature =
            Base64.getDecoder().decode(layer.annotations().getOrDefault(SIGNATURE, ""));
        if (!isTrusted(verifiers, signature)) {
          return Optional.of(name + " is not by a trusted key");
        }
        SimpleSigning signed = SimpleSigning.parse(payload);
        if (!signed.digest().equals(subject)) {
          return Optional.of(name + " is for another image, " + signed.digest());
        }
        for (Map.Entry<String, String> entry : wanted.entrySet()) {
          String said = signed.annotations().get(entry.getKey());
          if (!entry.getValue().equals(said)) {
            return Optional.of(
                name + " says " + entry.getKey() + "=" + said + ", not " + entry.getValue());
          }
        }
        return Optional.empty();
      } catch (IllegalArgumentException e) {
        return Optional.of(name + " is damaged: " + e.getMessage());
      }
    }

    private boolean isTrusted(List<SignatureVerifier> verifiers, byte[] signature) {
      try {
        for (SignatureVerifier verifier : verifiers) {
          if (verifier.verify(payload.clone(), signature.clone())) {
            return true;
          }
        }
        return false;
      } catch (IOException | GeneralSecurityException e) {
        throw SealerException.builder(
                ErrorCode.INVALID_REQUEST, "cannot check signatures: " + e.getMessage())
            .remedy("check the key, and the service or device that has it")
            .cause(e)
            .build();
      }
    }

    SignatureReport.Signature signature() {
      SimpleSigning signed = SimpleSigning.parse(payload);
      return new SignatureReport.Signature(signed.identity(), signed.annotations());
    }
  }
}
