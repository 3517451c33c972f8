package cloud.sealer.core.store;

import com.google.common.hash.Hashing;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Small records under {@code cache/}. Losing one costs time only, so they are not forced to the
 * disk: each begins with the hash of its text, and one that a power failure tore is as good as
 * none.
 */
final class Records {
  private static final Pattern KIND = Pattern.compile("[a-z][a-z0-9-]*");
  private static final int HASH_LENGTH = 64;

  private final Path directory;

  Records(Path directory) {
    this.directory = directory;
  }

  Optional<String> recall(String kind, String key) {
    Path file = file(kind, key);
    try {
      return Optional.ofNullable(read(file));
    } catch (IOException e) {
      throw StoreFailure.of("read", file, e);
    }
  }

  void remember(String kind, String key, String value) {
    Path file = file(kind, key);
    try {
      Files.createDirectories(file.getParent());
      Path temporary = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".new");
      Files.writeString(temporary, hash(value) + "\n" + value);
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (NoSuchFileException e) {
      return; // pruned meanwhile: as good as not remembered
    } catch (IOException e) {
      throw StoreFailure.of("write", file, e);
    }
  }

  /** Deletes the records that are not kept, by their text, and what killed writers left. */
  void prune(Predicate<String> kept) throws IOException {
    for (Path kind : list(directory)) {
      for (Path shard : list(kind)) {
        for (Path file : list(shard)) {
          String text = file.toString().endsWith(".new") ? null : read(file);
          if (text == null || !kept.test(text)) {
            Files.deleteIfExists(file);
          }
        }
      }
    }
  }

  private static Iterable<Path> list(Path directory) throws IOException {
    try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
      List<Path> all = new ArrayList<>();
      children.forEach(all::add);
      return all;
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    }
  }

  private static @Nullable String read(Path file) throws IOException {
    String content;
    try {
      content = Files.readString(file);
    } catch (NoSuchFileException | CharacterCodingException e) {
      return null;
    }
    if (content.length() <= HASH_LENGTH || content.charAt(HASH_LENGTH) != '\n') {
      return null;
    }
    String value = content.substring(HASH_LENGTH + 1);
    return content.startsWith(hash(value)) ? value : null;
  }

  private Path file(String kind, String key) {
    if (!KIND.matcher(kind).matches()) {
      throw new IllegalArgumentException(
          "a kind of record is a lower-case word, got \"" + kind + "\"");
    }
    String name = hash(key);
    return directory.resolve(kind).resolve(name.substring(0, 2)).resolve(name);
  }

  private static String hash(String text) {
    return Hashing.sha256().hashString(text, StandardCharsets.UTF_8).toString();
  }
}
