using Xunit;

namespace Drover.EndToEnd.Rehearsal;

/// <summary>A script that cannot be played says where and what is allowed.</summary>
public sealed class ScriptErrorTests
{
    [Theory]
    [InlineData("steps:\n  - sya: hello\n", "2:5", "unknown step 'sya'; allowed: say, think, tool")]
    [InlineData("steps:\n  - say: hello\nturn: []\n", "3:1", "unknown key 'turn' in a script; allowed: steps, turns, default, rules")]
    [InlineData("steps:\n  - error: 418\n", "2:12", "allowed: 401, 413, 429, 500, 529")]
    [InlineData("steps:\n  - pause: soon\n", "2:12", "a duration like 200ms, 3s, 5m or 2h")]
    [InlineData("steps:\n  - edit: {path: a}\n", "2:11", "'content' is missing here")]
    [InlineData("steps:\n  - repeat: {times: 0, steps: []}\n", "2:21", "a whole number from 1 to 100000")]
    [InlineData("steps:\n  - raw: '{oops'\n", "2:10", "raw must be JSON")]
    [InlineData("steps:\n  - {say: a, think: b}\n", "2:5", "a mapping with one key")]
    [InlineData("steps: []\nturns: []\n", "1:1", "either steps (one turn) or turns")]
    [InlineData("rules:\n  - steps: []\n", "2:5", "a rule needs 'when'")]
    [InlineData("steps:\n  - say: [a\n", "3:1", "")]
    public async Task It_names_file_line_column_and_what_is_allowed(string yaml, string place, string words)
    {
        using var scratch = new Scratch();
        var file = scratch.Script(yaml);

        var (exitCode, _, errors) = await Check(scratch, file);

        Assert.Equal(2, exitCode);
        Assert.StartsWith($"{file}:{place}: ", errors, StringComparison.Ordinal);
        Assert.Contains(words, errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("builtin:nope", "there are: conformance, demo, hello, stream")]
    [InlineData("builtin:stream?speed=3", "unknown setting 'speed'; allowed: rate, seconds")]
    [InlineData("/nowhere/at/all.yaml", "cannot be read")]
    public async Task A_script_that_is_not_there_is_named(string source, string words)
    {
        using var scratch = new Scratch();

        var (exitCode, _, errors) = await Check(scratch, source);

        Assert.Equal(2, exitCode);
        Assert.Contains(words, errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("builtin:demo")]
    [InlineData("builtin:hello")]
    [InlineData("builtin:stream?rate=20&seconds=30")]
    public async Task The_built_in_scripts_can_be_played(string source)
    {
        using var scratch = new Scratch();

        var (exitCode, output, _) = await Check(scratch, source);

        Assert.Equal(0, exitCode);
        Assert.Contains("It can be played.", output, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output, string Errors)> Check(Scratch scratch, string source)
    {
        await using var check = Talk.Start(Programs.Rehearsal, ["script", "check", source], scratch.Root, Surroundings.Of(scratch));
        var (exitCode, errors) = await check.Ended();
        return (exitCode, string.Join('\n', check.Lines), errors);
    }
}
