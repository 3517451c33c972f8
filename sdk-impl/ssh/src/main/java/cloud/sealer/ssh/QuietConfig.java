package cloud.sealer.ssh;

import net.schmizz.keepalive.KeepAliveProvider;
import net.schmizz.sshj.DefaultConfig;
import net.schmizz.sshj.common.LoggerFactory;
import org.slf4j.Logger;
import org.slf4j.helpers.NOPLogger;

/**
 * What sshj needs to know, without its logs: it calls each closed connection an error, and what
 * matters is thrown.
 */
final class QuietConfig extends DefaultConfig {
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
  }

  /** Also called by the constructor of the superclass, with another factory. */
  @Override
  public void setLoggerFactory(LoggerFactory factory) {
    super.setLoggerFactory(LOGGERS);
  }
}
