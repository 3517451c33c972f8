package cloud.sealer.ssh;

import com.hierynomus.sshj.transport.cipher.BlockCiphers;
import com.hierynomus.sshj.transport.cipher.ChachaPolyCiphers;
import com.hierynomus.sshj.transport.cipher.GcmCiphers;
import java.util.List;
import net.schmizz.keepalive.KeepAliveProvider;
import net.schmizz.sshj.DefaultConfig;
import net.schmizz.sshj.common.Factory;
import net.schmizz.sshj.common.LoggerFactory;
import net.schmizz.sshj.transport.cipher.Cipher;
import org.slf4j.Logger;
import org.slf4j.helpers.NOPLogger;

/**
 * What sshj needs to know, without its logs: it calls each closed connection an error, and what
 * matters is thrown.
 */
final class QuietConfig extends DefaultConfig {
  /**
   * The fastest first: processors have instructions for AES and its GCM mode, which Java uses; it
   * has none for ChaCha20 before version 20. Modes without protection against replay and padding
   * attacks, which sshj offers too, are left out.
   */
  private static final List<Factory.Named<Cipher>> CIPHERS =
      List.of(
          GcmCiphers.AES128GCM(),
          GcmCiphers.AES256GCM(),
          BlockCiphers.AES128CTR(),
          BlockCiphers.AES192CTR(),
          BlockCiphers.AES256CTR(),
          ChachaPolyCiphers.CHACHA_POLY_OPENSSH());

  /** Loggers that say nothing. */
  static final LoggerFactory LOGGERS =
      new LoggerFactory() {
        @Override
        public Logger getLogger(String name) {
          return NOPLogger.NOP_LOGGER;
        }

        @Override
        public Logger getLogger(Class<?> type) {
          return NOPLogger.NOP_LOGGER;
        }
      };

  QuietConfig() {
    setKeepAliveProvider(KeepAliveProvider.KEEP_ALIVE);
    setCipherFactories(CIPHERS);
  }

  /** Also called by the constructor of the superclass, with another factory. */
  @Override
  public void setLoggerFactory(LoggerFactory factory) {
    super.setLoggerFactory(LOGGERS);
  }
}
