// Says that a page follows the records no more, once its stream of events has been gone for some seconds.
(() => {
  const PATIENCE = 5000; // milliseconds: a stream that ends by itself is back within one second
  let waiting = null;
  const tell = unreachable => { document.getElementById("follows-no-more").hidden = !unreachable; };
  const gone = () => { waiting ??= setTimeout(tell, PATIENCE, true); };
  const back = () => { clearTimeout(waiting); waiting = null; tell(false); };
  document.addEventListener("htmx:sse:before:connection", event => { if (event.detail.connection.attempt > 0) gone(); });
  document.addEventListener("htmx:sse:error", gone);
  document.addEventListener("htmx:sse:close", gone);
  document.addEventListener("htmx:sse:after:connection", back);
  gone(); // until the stream is there for the first time
})();
