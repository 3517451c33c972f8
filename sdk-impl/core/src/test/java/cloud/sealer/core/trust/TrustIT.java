package cloud.sealer.core.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.Referrer;
import cloud.sealer.sdk.SbomFormat;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.SignOptions;
import cloud.sealer.sdk.SignatureCheck;
import cloud.sealer.sdk.SignatureReport;
import cloud.sealer.testkit.EmbeddedRegistry;
import cloud.sealer.testkit.SealerEnvironment;
import cloud.sealer.testkit.SealerTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signatures and what else is attached, through the public API and an embedded registry. */
@SealerTest
@Timeout(60)
class TrustIT {
  @TempDir private Path work;
  private Path store;
  private EmbeddedRegistry registry;
  private Sealer first;
  private Sealer second;
  private TestKeys keys;

  @BeforeEach
  void open(SealerEnvironment environment) throws IOException {
    registry = environment.registry();
    first = environment.sealer();
    second = environment.sealer("second");
    store = environment.store();
    keys = TestKeys.ec(work, "release");
  }

  private String name() {
    return registry.address() + "/team/app:v1";
  }

  private ClusterImage build(String text) {
    return first
        .builder(BuildMode.LITE)
        .build(
            BuildRequest.builder()
                .kubefile(Kubefile.parse("FROM scratch\nCOPY file etc\n"))
                .context(BuildContext.inMemory().file("file", text).build())
                .name(name())
                .build())
        .image();
  }

  private SignatureCheck check() {
    return SignatureCheck.key(keys.publicKey()).build();
  }

  private List<Referrer> sign() {
    return first
        .trust()
        .sign(name(), SignOptions.key(keys.privateKey()).build(), EventListener.NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA", "Ed25519"})
  void theOwnerOfAKeySignsAndOthersAreNotTrusted(String algorithm) throws IOException {
    ClusterImage image = build("a");
    TestKeys own = TestKeys.of(work, "own", algorithm);
    List<Referrer> signed =
        first
            .trust()
            .sign(
                name(),
                SignOptions.key(own.privateKey()).annotation("build", "42").build(),
                EventListener.NONE);
    assertThat(signed)
        .extracting(Referrer::subject)
        .containsExactly(image.digest(), image.platforms().get(0).manifest().digest());

    SignatureReport trusted =
        first.trust().verify(name(), SignatureCheck.key(own.publicKey()).build());
    assertThat(trusted.trusted()).isTrue();
    assertThat(trusted.signatures().get(0).identity()).isEqualTo(registry.address() + "/team/app");
    assertThat(trusted.signatures().get(0).annotations()).containsEntry("build", "42");

    SignatureReport other = first.trust().verify(name(), check());
    assertThat(other.trusted()).isFalse();
    assertThat(other.rejected()).singleElement().asString().contains("not by a trusted key");
    assertThat(catchThrowableOfType(SealerException.class, other::requireTrusted).code())
        .isEqualTo(ErrorCode.UNTRUSTED);
  }

  @Test
  void anyOfSeveralKeysWillDoAndAnnotationsMustBeAsWanted() throws IOException {
    build("a");
    first
        .trust()
        .sign(
            name(),
            SignOptions.key(keys.privateKey()).annotation("env", "prod").build(),
            EventListener.NONE);
    TestKeys next = TestKeys.ec(work, "next");
    assertThat(
            first
                .trust()
                .verify(
                    name(), SignatureCheck.key(next.publicKey()).orKey(keys.publicKey()).build())
                .trusted())
        .isTrue();
    SignatureReport report =
        first
            .trust()
            .verify(name(), SignatureCheck.key(keys.publicKey()).annotation("env", "test").build());
    assertThat(report.trusted()).isFalse();
    assertThat(report.rejected().get(0)).contains("env=prod");
  }

  @Test
  void anUnsignedImageIsNotTrusted() {
    build("a");
    SignatureReport report = first.trust().verify(name(), check());
    assertThat(report.trusted()).isFalse();
    assertThat(report.rejected()).isEmpty();
  }

  @Test
  void aSignatureOfAnotherImageDoesNotCount() throws IOException {
    build("a");
    Referrer signature = sign().get(0);
    ClusterImage other = build("b");
    Path index = store.resolve("index.json");
    // Somebody puts the signature of a beside b.
    Files.writeString(
        index,
        Files.readString(index)
            .replace(
                "sha256-" + signature.subject().hex() + ".sig",
                "sha256-" + other.digest().hex() + ".sig"));
    try (Sealer again = Sealer.builder().store(store).build()) {
      SignatureReport report = again.trust().verify(name(), check());
      assertThat(report.trusted()).isFalse();
      assertThat(report.rejected()).singleElement().asString().contains("for another image");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsAttachedGoesThroughARegistry(boolean referrersApi) throws IOException {
    if (!referrersApi) {
      registry.faults().status(404).onMethod("GET").onPath(".*/referrers/.*");
    }
    ClusterImage image = build("a");
    sign();
    first.trust().attachSbom(name(), SbomFormat.SPDX, EventListener.NONE);
    first.trust().attachSbom(name(), SbomFormat.CYCLONEDX, EventListener.NONE);
    first.images().push(name(), EventListener.NONE);
    assertThat(registry.tags("team/app")).contains("v1", "sha256-" + image.digest().hex() + ".sig");
    assertThat(registry.tags("team/app").contains("sha256-" + image.digest().hex()))
        .isEqualTo(!referrersApi);

    assertThat(second.trust().verifyRemote(name(), check(), EventListener.NONE).trusted()).isTrue();
    second.images().pull(name(), EventListener.NONE);
    assertThat(second.trust().verify(name(), check()).trusted()).isTrue();
    assertThat(second.trust().referrers(name())).isEqualTo(first.trust().referrers(name()));
    assertThat(second.images().list()).hasSize(1);
    assertThat(second.images().verify(name(), EventListener.NONE).problems()).isEmpty();

    // Nothing is sent twice, and nothing is lost.
    registry.clearRequests();
    second.images().push(name(), EventListener.NONE);
    assertThat(registry.requests())
        .noneMatch(request -> request.method().equals("PUT") && request.path().contains(".sig"));
  }

  @Test
  void signaturesOfSeveralComeTogetherAtTheRegistry() throws IOException {
    build("a");
    first.images().push(name(), EventListener.NONE);
    second.images().pull(name(), EventListener.NONE);
    sign();
    TestKeys other = TestKeys.ec(work, "other");
    second.trust().sign(name(), SignOptions.key(other.privateKey()).build(), EventListener.NONE);
    first.images().push(name(), EventListener.NONE);
    second.images().push(name(), EventListener.NONE);
    for (TestKeys one : List.of(keys, other)) {
      assertThat(
              first
                  .trust()
                  .verifyRemote(
                      name(), SignatureCheck.key(one.publicKey()).build(), EventListener.NONE)
                  .trusted())
          .isTrue();
    }
    first.images().pull(name(), EventListener.NONE);
    assertThat(
            first.trust().verify(name(), SignatureCheck.key(other.publicKey()).build()).trusted())
        .isTrue();
  }

  @Test
  void whatIsAttachedGoesThroughAnArchive() throws IOException {
    build("a");
    sign();
    first.trust().attachSbom(name(), SbomFormat.SPDX, EventListener.NONE);
    Path archive = work.resolve("image.tar");
    first.images().save(name(), archive, EventListener.NONE);

    List<SignatureReport> reports = second.trust().verifyArchive(archive, check());
    assertThat(reports).singleElement().matches(SignatureReport::trusted);
    Path packed = packed(archive);
    try (Sealer straight = Sealer.builder().store(work.resolve("third")).archive(packed).build()) {
      assertThat(straight.trust().verify(name(), check()).trusted()).isTrue();
    }
    assertThat(
            catchThrowableOfType(
                SealerException.class, () -> second.trust().verifyArchive(packed, check())))
        .hasMessageContaining("it is compressed");
    second.images().load(archive, EventListener.NONE);
    assertThat(second.trust().verify(name(), check()).trusted()).isTrue();
    assertThat(second.trust().referrers(name())).isEqualTo(first.trust().referrers(name()));
  }

  private Path packed(Path archive) throws IOException {
    Path packed = work.resolve("image.tar.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      Files.copy(archive, out);
    }
    return packed;
  }

  @Test
  void pruneKeepsWhatIsAttachedUntilTheImageIsGone() {
    build("a");
    sign();
    first.trust().attachSbom(name(), SbomFormat.SPDX, EventListener.NONE);
    first.images().prune();
    assertThat(first.trust().verify(name(), check()).trusted()).isTrue();
    List<Referrer> attached = first.trust().referrers(name());
    assertThat(attached).hasSize(3);

    first.images().remove(name());
    first.images().prune();
    assertThat(first.images().list()).isEmpty();
    for (Referrer referrer : attached) {
      assertThat(store.resolve("blobs/sha256").resolve(referrer.descriptor().digest().hex()))
          .doesNotExist();
    }
  }

  @Test
  void theSameImageHasTheSameBillOfMaterials() {
    build("a");
    first.images().push(name(), EventListener.NONE);
    second.images().pull(name(), EventListener.NONE);
    for (SbomFormat format : SbomFormat.values()) {
      Referrer here = first.trust().attachSbom(name(), format, EventListener.NONE);
      Referrer there = second.trust().attachSbom(name(), format, EventListener.NONE);
      assertThat(there).isEqualTo(here);
      ByteArrayOutputStream content = new ByteArrayOutputStream();
      first.trust().content(here, content);
      ByteArrayOutputStream direct = new ByteArrayOutputStream();
      first.trust().sbom(name(), format, direct, EventListener.NONE);
      assertThat(content.toByteArray()).isEqualTo(direct.toByteArray()).isNotEmpty();
    }
  }

  @Test
  void aSignerOfAnotherKindSigns() {
    build("a");
    first
        .trust()
        .sign(
            name(),
            SignOptions.signer(payload -> new byte[] {payload[0], 1, 2}).build(),
            EventListener.NONE);
    SignatureCheck own =
        SignatureCheck.verifier(
                (payload, signature) -> signature.length == 3 && signature[0] == payload[0])
            .build();
    assertThat(first.trust().verify(name(), own).trusted()).isTrue();
    assertThat(first.trust().verify(name(), check()).trusted()).isFalse();
  }

  @Test
  void aKeyThatCannotBeUsedIsSaidBeforeAnythingIsDone() throws IOException {
    build("a");
    Path file = Files.writeString(work.resolve("bad.pem"), "no key\n", StandardOpenOption.CREATE);
    SealerException failure =
        catchThrowableOfType(
            SealerException.class,
            () -> first.trust().verify(name(), SignatureCheck.key(file).build()));
    assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
    assertThat(failure).hasMessageContaining("there is no BEGIN PUBLIC KEY in it");
    SealerException swapped =
        catchThrowableOfType(
            SealerException.class,
            () -> first.trust().verify(name(), SignatureCheck.key(keys.privateKey()).build()));
    assertThat(swapped).hasMessageContaining("it is a private key");
    assertThat(first.trust().referrers(name())).isEmpty();
  }
}
