using Drover.Core;
using Xunit;

namespace Drover.Agents.Tests;

public sealed class PiLaunchTests
{
    [Fact]
    public void The_command_line_is_the_whole_protocol()
    {
        var request = Requests.For("pi", sandboxed: true, model: "anthropic/opus") with
        {
            IsolatedHome = "/homes/coder",
            AppendedPrompt = "Be brief.",
            Options = new Dictionary<string, string> { ["thinking"] = "high", ["provider"] = "anthropic", ["tools"] = "read,bash" },
        };
        var adapter = Adapters.Find("pi")!;

        var launch = adapter.Plan(request);

        Assert.Equal(["pi", "--mode", "rpc", "--model", "anthropic/opus", "--provider", "anthropic", "--thinking", "high", "--tools", "read,bash", "--append-system-prompt", "Be brief."], launch.Arguments);
        Assert.Equal("/homes/coder", launch.Environment["PI_CODING_AGENT_DIR"]);
        Assert.Empty(launch.HomePaths);
        Assert.Equal([".pi/agent/"], adapter.Plan(Requests.For("pi", sandboxed: true)).HomePaths);
        Assert.Equal(["--session", "s-1"], adapter.Plan(Requests.For("pi", sandboxed: true, resume: "s-1")).Arguments.TakeLast(2));
        Assert.Equal(["--fork", "s-1"], adapter.Plan(Requests.For("pi", sandboxed: true, resume: "s-1") with { Forks = true }).Arguments.TakeLast(2));
        Assert.DoesNotContain(launch.Inherits, n => n.StartsWith("AWS", StringComparison.Ordinal) || n == "*");
    }

    [Theory]
    [InlineData(1, "No session found matching 'x'", "failed/other: the conversation is not known: No session found")]
    [InlineData(0, "Session found in different project: /elsewhere\nAborted.", "failed/other: the conversation is not known: it was begun in another directory")]
    [InlineData(1, "Error: Model \"gpt-9\" not found. Use --list-models", "failed/other: Error: Model \"gpt-9\" not found")]
    [InlineData(1, "Error: No API key found for anthropic", "failed/auth: the agent's process exited with 1")]
    [InlineData(1, "boom", "failed/crashed retryable: the agent's process exited with 1")]
    public void A_process_that_ends_before_it_speaks_says_why(int code, string errors, string expected)
    {
        var driver = new Driver(Adapters.Find("pi")!, resume: "x");
        driver.Do(new Input.Begin());

        driver.Do(new Input.Exited(code, errors));

        Assert.StartsWith(expected, EventText.Ending(Assert.Single(driver.Endings)));
    }
}
