// Preloaded by NODE_OPTIONS: prints which of these modules had been loaded when the first connection was begun.
const { subscribe, unsubscribe } = require('node:diagnostics_channel');

subscribe('net.client.socket', function note({ socket }) {
  unsubscribe('net.client.socket', note);
  // Node sends the first packet right after this event.
  socket.once('connectionAttempt', () => {
    const loaded = ['crypto', 'tls', 'https'].filter((name) => process.moduleLoadList.includes(`NativeModule ${name}`));
    console.log(`first packet, loaded: ${loaded.join(' ') || 'none'}`);
  });
});
