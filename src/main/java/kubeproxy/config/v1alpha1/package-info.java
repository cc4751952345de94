/// The configuration file: the records of `KubeProxyConfiguration` of the API group
/// `kubeproxy.config.k8s.io/v1alpha1`, read from and written to text.
///
/// [kubeproxy.config.v1alpha1.KubeProxyConfiguration] holds what a file says after defaulting, as
/// it says it: addresses and CIDRs are texts here, and nothing is checked but types. What the
/// values mean is decided in `kubeproxy.config`. [kubeproxy.config.v1alpha1.ConfigurationReader]
/// reads YAML and JSON, [kubeproxy.config.v1alpha1.ConfigurationWriter] writes both; what is
/// written reads back as something that is written the same.
///
/// Field names, defaults and layout are upstream's, together with two fields of older releases,
/// `portRange` and `udpIdleTimeout`.
///
/// Pure: no file is opened here.
@NullMarked
package kubeproxy.config.v1alpha1;

import org.jspecify.annotations.NullMarked;
