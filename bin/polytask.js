#!/usr/bin/env node
// The program `polytask`: lib/cli.
'use strict';

require('../lib/cli').main(process.argv.slice(2));
