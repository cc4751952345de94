/// Tests of decoding what an API server answers.
@NullMarked
package kubeproxy.apidecode;

import org.jspecify.annotations.NullMarked;
