/// Events for operators, as `kubectl get events` and `kubectl describe` show them: a few things
/// that happen to this proxy, told about its Node or about a Service.
///
/// [kubeproxy.events.EventRecorder] takes them; [kubeproxy.events.ApiEventRecorder] sends them to
/// an API server, on a thread of its own. Events are a courtesy: they are held back, merged and, if
/// there is no other way, lost, and nobody ever waits for them. What must not be lost is in log and
/// metrics.
///
/// Not here: what is worth an event; callers decide.
@NullMarked
package kubeproxy.events;

import org.jspecify.annotations.NullMarked;
