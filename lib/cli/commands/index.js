// The commands, in the order of the help.
'use strict';

const commands = [
  require('./train'),
  require('./predict'),
  require('./evaluate'),
  require('./inspect'),
  require('./compare'),
  require('./tune'),
  require('./export'),
  require('./report'),
  require('./doctor'),
];

module.exports = { commands };
