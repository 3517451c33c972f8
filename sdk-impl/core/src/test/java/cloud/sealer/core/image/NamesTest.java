package cloud.sealer.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.core.store.OciLayerStore;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.MediaType;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.SealerException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamesTest {
  private static final Reference.Defaults DEFAULTS = new Reference.Defaults("reg.example", "team");

  @TempDir private Path directory;
  private OciLayerStore store;
  private Names names;

  @BeforeEach
  void open() {
    store = new OciLayerStore(directory);
    names = new Names(store, DEFAULTS);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private Descriptor put(String name, String firstDigits, MediaType type) {
    Digest digest = Digest.sha256(firstDigits + "0".repeat(64 - firstDigits.length()));
    Descriptor image = new Descriptor(type, digest, 2);
    store.putName(name, image);
    return image;
  }

  private Descriptor put(String name, String firstDigits) {
    return put(name, firstDigits, MediaType.OCI_INDEX);
  }

  private ErrorCode failure(String name) {
    return catchThrowableOfType(SealerException.class, () -> names.resolve(name)).code();
  }

  @Test
  void everySpellingOfANameFindsTheSameImage() {
    Descriptor image = put("app:v1", "abcd");
    assertThat(names.stored(names.parse("reg.example/team/app:v1"))).isEqualTo("app:v1");
    for (String name : new String[] {"app:v1", "team/app:v1", "reg.example/team/app:v1"}) {
      assertThat(names.resolve(name).image()).isEqualTo(image);
    }
  }

  @Test
  void aDigestIsNotEnoughToTakeOneOfSeveralNames() {
    put("app:v1", "abcd");
    assertThat(names.resolveName("abcd").reference()).isEqualTo(names.parse("app:v1"));
    put("app:v2", "abcd");
    SealerException failure =
        catchThrowableOfType(SealerException.class, () -> names.resolveName("abcd"));
    assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
    assertThat(failure).hasMessageContaining("app:v1, app:v2");
    assertThat(names.resolveName("app:v2").reference()).isEqualTo(names.parse("app:v2"));
  }

  @Test
  void anImageIsFoundByTheStartOfItsDigest() {
    Descriptor image = put("app:v1", "abcd1");
    put("other:v1", "abcd2");
    assertThat(names.resolve("abcd1").image()).isEqualTo(image);
    assertThat(names.resolve("sha256:abcd1").reference()).isEqualTo(names.parse("app:v1"));
    assertThat(failure("abcd")).isEqualTo(ErrorCode.INVALID_REQUEST);
    assertThat(failure("abcd3")).isEqualTo(ErrorCode.IMAGE_NOT_FOUND);
  }

  @Test
  void aNameThatLooksLikeADigestIsStillAName() {
    Descriptor image = put("beef:latest", "1234");
    assertThat(names.resolve("beef").image()).isEqualTo(image);
  }

  /** Or whoever checks the signatures of a digest could be shown another image. */
  @Test
  void aNameThatIsAWholeDigestNeverStandsInForIt() {
    put("sha512:" + "ab".repeat(64), "1234");
    put("sha256:" + "ab".repeat(32), "1234");
    assertThat(failure("sha512:" + "ab".repeat(64))).isEqualTo(ErrorCode.IMAGE_NOT_FOUND);
    assertThat(failure("sha256:" + "ab".repeat(32))).isEqualTo(ErrorCode.IMAGE_NOT_FOUND);
    Digest digest = Digest.parse("sha512:" + "cd".repeat(64));
    Descriptor image = new Descriptor(MediaType.OCI_INDEX, digest, 2);
    store.putName("long:v1", image);
    assertThat(names.resolve(digest.toString()).image()).isEqualTo(image);
  }

  @Test
  void aDigestFindsTheImageOnlyInItsRepository() {
    Descriptor image = put("app:v1", "abcd");
    String digest = "@" + image.digest();
    assertThat(names.resolve("app" + digest).image()).isEqualTo(image);
    assertThat(failure("other" + digest)).isEqualTo(ErrorCode.IMAGE_NOT_FOUND);
  }

  @Test
  void whatOtherToolsPutIntoTheLayoutIsLeftOut() {
    put("Not A Name", "abcd");
    put("config:v1", "1234", MediaType.OCI_CONFIG);
    put("app:v1", "5678");
    assertThat(names.all().keySet()).containsExactly(names.parse("app:v1"));
  }

  @Test
  void aBadNameSaysHowToWriteOne() {
    SealerException failure =
        catchThrowableOfType(SealerException.class, () -> names.parse("UPPER case"));
    assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
    assertThat(failure.remedy()).contains("repository[:tag]");
  }
}
