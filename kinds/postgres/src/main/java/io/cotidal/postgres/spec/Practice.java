package io.cotidal.postgres.spec;

import java.util.List;

/**
 * How a change of primary is done here, beside the rules that hold everywhere.
 *
 * @param policy who is preferred, and when a change waits
 * @param proxies what stands between clients and members, and is pointed at the primary
 * @param plugins programs that are asked
 * @param alerts who is told
 * @param care what becomes of the write-ahead log
 * @param clones how a failover is rehearsed on copies
 */
public record Practice(
    Policy policy,
    List<Proxy> proxies,
    List<Plugin> plugins,
    List<Alert> alerts,
    Care care,
    Clones clones) {
  /** No policy, no proxies, no plug-ins. */
  public static final Practice PLAIN = new Practice(Policy.NONE, List.of());

  /** Copies the lists. */
  public Practice {
    proxies = List.copyOf(proxies);
    plugins = List.copyOf(plugins);
    alerts = List.copyOf(alerts);
  }

  /** With the usual care. */
  public Practice(Policy policy, List<Proxy> proxies, List<Plugin> plugins, List<Alert> alerts) {
    this(policy, proxies, plugins, alerts, Care.PLAIN, Clones.PLAIN);
  }

  /** Without plug-ins and alerts. */
  public Practice(Policy policy, List<Proxy> proxies) {
    this(policy, proxies, List.of(), List.of());
  }

  /** This with that policy. */
  public Practice with(Policy other) {
    return new Practice(other, proxies, plugins, alerts, care, clones);
  }

  /** This with those proxies. */
  public Practice with(List<Proxy> others) {
    return new Practice(policy, others, plugins, alerts, care, clones);
  }

  /** This with those plug-ins. */
  public Practice asking(List<Plugin> others) {
    return new Practice(policy, proxies, others, alerts, care, clones);
  }

  /** This with that care. */
  public Practice caring(Care other) {
    return new Practice(policy, proxies, plugins, alerts, other, clones);
  }

  /** This with rehearsals on clones done so. */
  public Practice rehearsing(Clones other) {
    return new Practice(policy, proxies, plugins, alerts, care, other);
  }

  /** The plug-ins of that hook, in the order of the configuration. */
  public List<Plugin> plugins(Plugin.Hook hook) {
    return plugins.stream().filter(plugin -> plugin.hook() == hook).toList();
  }
}
