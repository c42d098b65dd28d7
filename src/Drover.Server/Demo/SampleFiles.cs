namespace Drover.Server.Demo;

/// <summary>The sample project: a few functions in plain modules with tests, as somebody might have them. Nothing has to be installed for it but Node.</summary>
internal static class SampleFiles
{
    public const string Branch = "main";

    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["README.md"] = """
            # textkit

            Small functions for texts and numbers, each in a module of its own: `src/NAME.js` exports `NAME`, `test/NAME.test.js` tests it.

                node --test

            """,
        ["package.json"] = """
            {
              "name": "textkit",
              "version": "0.1.0",
              "private": true,
              "type": "module",
              "scripts": { "test": "node --test" }
            }

            """,
        ["src/capitalize.js"] = """
            /** The text with its first letter in upper case; the rest is left as it is. */
            export function capitalize(text) {
              const [first = '', ...rest] = text;
              return first.toUpperCase() + rest.join('');
            }

            """,
        ["src/mean.js"] = """
            /** The mean of a list of numbers. */
            export function mean(numbers) {
              if (numbers.length === 0) throw new RangeError('an empty list has no mean');
              return numbers.reduce((sum, n) => sum + n, 0) / numbers.length;
            }

            """,
        ["src/wrap.js"] = """
            /** Breaks a text into lines of at most `width` characters, between words; a longer word stands on a line of its own. */
            export function wrap(text, width) {
              const lines = [];
              for (const word of text.split(/\s+/).filter(Boolean)) {
                const last = lines.at(-1);
                if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
                else lines.push(word);
              }
              return lines;
            }

            """,
        ["test/capitalize.test.js"] = """
            import assert from 'node:assert/strict';
            import { test } from 'node:test';
            import { capitalize } from '../src/capitalize.js';

            test('the first letter becomes a capital', () => {
              assert.equal(capitalize('herd'), 'Herd');
              assert.equal(capitalize('élan'), 'Élan');
            });

            test('nothing stays nothing', () => {
              assert.equal(capitalize(''), '');
            });

            """,
        ["test/mean.test.js"] = """
            import assert from 'node:assert/strict';
            import { test } from 'node:test';
            import { mean } from '../src/mean.js';

            test('the mean of some numbers', () => {
              assert.equal(mean([1, 2, 6]), 3);
            });

            test('an empty list is refused', () => {
              assert.throws(() => mean([]), RangeError);
            });

            """,
        ["test/wrap.test.js"] = """
            import assert from 'node:assert/strict';
            import { test } from 'node:test';
            import { wrap } from '../src/wrap.js';

            test('lines are as long as they may be', () => {
              assert.deepEqual(wrap('drive the herd home', 9), ['drive the', 'herd home']);
            });

            test('a word that is too long stands alone', () => {
              assert.deepEqual(wrap('a transhumance', 5), ['a', 'transhumance']);
            });

            """,
    };
}
