package io.cotidal.store;

import io.cotidal.model.Secret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts secrets with AES-256-GCM under a key from a file. The name under which a secret is kept
 * is part of the seal: one moved to another row does not open. Thread-safe.
 */
final class Seal {
  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.complementOf(
          EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));

  private final Path file;
  private final SecretKeySpec key;
  private final SecureRandom random = new SecureRandom();

  private Seal(Path file, byte[] key) {
    this.file = file;
    this.key = new SecretKeySpec(key, "AES");
  }

  /**
   * The seal with the key in {@code file}; makes a key, readable for its owner alone, if there is
   * none.
   *
   * @throws StoreException if the file cannot be used, or others can read it
   */
  static Seal open(Path file) {
    try {
      if (!Files.exists(file)) {
        create(file);
      }
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      permissions.retainAll(OTHERS);
      if (!permissions.isEmpty()) {
        throw new StoreException("key " + file + ": others may use it; run chmod 600 " + file);
      }
      byte[] key = Base64.getDecoder().decode(Files.readString(file).strip());
      if (key.length != KEY_BYTES) {
        throw new IllegalArgumentException(key.length + " bytes");
      }
      return new Seal(file, key);
    } catch (IllegalArgumentException e) {
      throw new StoreException(
          "key " + file + ": holds no key of 256 bits in Base64; restore it from its backup", e);
    } catch (IOException e) {
      throw new StoreException("key " + file + ": " + e + "; check folder and rights", e);
    }
  }

  private static void create(Path file) throws IOException {
    byte[] key = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(key);
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    Files.createFile(
        fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(
        fresh, Base64.getEncoder().encodeToString(key) + "\n", StandardOpenOption.DSYNC);
    try {
      // A link and not a move: a key that somebody else wrote meanwhile is never replaced.
      Files.createLink(file, fresh);
    } catch (FileAlreadyExistsException e) {
      // Theirs is the key.
    } finally {
      Files.delete(fresh);
    }
  }

  /** The secret as a text that only this key and this name open. */
  String close(String name, Secret secret) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      byte[] sealed =
          cipher(Cipher.ENCRYPT_MODE, nonce, name)
              .doFinal(secret.reveal().getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder()
          .encodeToString(
              ByteBuffer.allocate(nonce.length + sealed.length).put(nonce).put(sealed).array());
    } catch (GeneralSecurityException e) {
      throw new StoreException("a secret could not be encrypted: " + e.getMessage(), e);
    }
  }

  /**
   * The secret in {@code sealed}.
   *
   * @throws StoreException if it was sealed with another key or under another name
   */
  Secret open(String name, String sealed) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(sealed));
      byte[] nonce = new byte[NONCE_BYTES];
      bytes.get(nonce);
      byte[] text = new byte[bytes.remaining()];
      bytes.get(text);
      return new Secret(
          new String(
              cipher(Cipher.DECRYPT_MODE, nonce, name).doFinal(text), StandardCharsets.UTF_8));
    } catch (GeneralSecurityException | RuntimeException e) {
      throw new StoreException(
          "secret " + name + ": does not open with the key in " + file + "; restore that key", e);
    }
  }

  private Cipher cipher(int mode, byte[] nonce, String name) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(name.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
