using System.Text.Json;
using Xunit;

namespace Drover.EndToEnd.Rehearsal;

/// <summary>The real Claude Code against the model server.</summary>
public sealed class RealClaudeTests
{
    private static readonly string[] MayEditAndCommit = ["--permission-mode", "acceptEdits", "--allowedTools", "Bash(git *)"];

    [Fact]
    public async Task It_edits_a_file_commits_it_and_ends_with_success_and_usage()
    {
        using var scratch = new Scratch();
        await using var model = await ModelProcess.Start(scratch, """
            steps:
              - say: I will write it.
              - edit: {path: hello.txt, content: "hello\n"}
              - commit: "Say hello, it's done"
              - usage: {input: 150, output: 12, cache_read: 50}
              - say: Done.
            """);
        await using var claude = await Agents.RealClaude(scratch, model, MayEditAndCommit);

        await claude.Send(StreamJsonFrames.User("MARKER-1 say hello"));
        var result = await claude.Until(Json.IsResult);
        var (exitCode, _) = await claude.End();

        Assert.Equal(0, exitCode);
        Assert.Equal(("success", "Done."), (result.Text("subtype"), result.Text("result")));
        Assert.False(result.At("is_error").GetBoolean());
        Assert.Equal((350, 52, 50), (Count(result, "input_tokens"), Count(result, "output_tokens"), Count(result, "cache_read_input_tokens")));
        Assert.Equal("hello\n", scratch.Read("hello.txt"));
        Assert.Equal("Say hello, it's done", scratch.Git("log", "-1", "--format=%s"));
        Assert.Equal(["MARKER-1 say hello"], UserMessagesOfLastMain(model));
    }

    [Theory]
    [InlineData("claude-sonnet-4-5")]
    [InlineData("claude-opus-4-8")]
    public async Task A_steer_reaches_the_model_inside_the_turn(string name)
    {
        using var scratch = new Scratch();
        var go = scratch.PathOf("go");
        await using var model = await ModelProcess.Start(scratch, $$"""
            steps:
              - tool: {run: "until [ -e '{{go}}' ]; do sleep 0.05; done"}
              - say: Steered.
            """);
        await using var claude = await Agents.RealClaude(scratch, model, ["--allowedTools", "Bash", "--model", name]);

        await claude.Send(StreamJsonFrames.User("MARKER-1"));
        await claude.Until(Json.CallsTool);
        await claude.SaySafely("MARKER-2");
        File.WriteAllText(go, "");
        await claude.Until(message => message.IsReplayOf("MARKER-2"));
        var result = await claude.Until(Json.IsResult);
        await claude.End();

        Assert.Equal("Steered.", result.Text("result"));
        Assert.Single(claude.Messages, Json.IsResult);
        var said = UserMessagesOfLastMain(model);
        Assert.Equal(2, said.Count);
        Assert.Equal("MARKER-1", said[0]);
        Assert.Contains("MARKER-2", said[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupt_drops_the_request_and_the_conversation_goes_on()
    {
        using var scratch = new Scratch();
        await using var model = await ModelProcess.Start(scratch, """
            turns:
              - [hang]
              - [{say: On again.}]
            """);
        await using var claude = await Agents.RealClaude(scratch, model, []);

        await claude.Send(StreamJsonFrames.User("first"));
        await model.Logged(line => line.Text("kind") == "main");
        await claude.Send(StreamJsonFrames.Interrupt);
        var interrupted = await claude.Until(Json.IsResult);
        await claude.Send(StreamJsonFrames.User("second"));
        var resumed = await claude.Until(Json.IsResult);
        await claude.End();

        Assert.Equal("aborted_streaming", interrupted.Text("terminal_reason"));
        Assert.Equal("On again.", resumed.Text("result"));
        await model.Logged(line => line.At("client_gone").ValueKind == JsonValueKind.True);
        Assert.Equal(["first", "second"], UserMessagesOfLastMain(model));
    }

    [Fact]
    public async Task An_interrupt_in_a_tool_ends_the_turn_and_the_script_is_not_out_of_step()
    {
        using var scratch = new Scratch();
        await using var model = await ModelProcess.Start(scratch, """
            turns:
              - [{tool: {run: "touch started; sleep 600"}}]
              - [{edit: {path: second.txt, content: two}}, {say: The second turn.}]
            """);
        await using var claude = await Agents.RealClaude(scratch, model, ["--allowedTools", "Bash", "--permission-mode", "acceptEdits"]);

        await claude.Send(StreamJsonFrames.User("first"));
        await Files.Appear(Path.Combine(scratch.Repository, "started"));
        await claude.Send(StreamJsonFrames.Interrupt);
        var interrupted = await claude.Until(Json.IsResult);
        await claude.Send(StreamJsonFrames.User("second"));
        var resumed = await claude.Until(Json.IsResult);
        await claude.End();

        Assert.Equal("aborted_tools", interrupted.Text("terminal_reason"));
        Assert.Equal("The second turn.", resumed.Text("result"));
        Assert.Equal("two", scratch.Read("second.txt"));
    }

    [Theory]
    [InlineData("401", 401, "authentication_failed", "completed")]
    [InlineData("413", 400, "invalid_request", "prompt_too_long")]
    [InlineData("{status: 429, retry_after: 1s}", 429, "rate_limit", "completed")]
    [InlineData("500", 500, "server_error", "completed")]
    [InlineData("529", 529, "server_error", "completed")]
    public async Task A_refusal_of_the_model_ends_the_turn_as_the_vendor_words_it(string error, int status, string word, string terminalReason)
    {
        using var scratch = new Scratch();
        await using var model = await ModelProcess.Start(scratch, $"steps: [{{error: {error}}}]");
        await using var claude = await Agents.RealClaude(scratch, model, []);

        await claude.Send(StreamJsonFrames.User("go"));
        var assistant = await claude.Until(message => message.Is("assistant"));
        var result = await claude.Until(Json.IsResult);
        var (exitCode, _) = await claude.End();

        Assert.Equal(1, exitCode);
        Assert.True(result.At("is_error").GetBoolean());
        Assert.Equal(status, result.At("api_error_status").GetInt32());
        Assert.Equal((word, terminalReason), (assistant.Text("error"), result.Text("terminal_reason")));
    }

    [Fact]
    public async Task A_model_that_is_overloaded_once_answers_the_retry()
    {
        using var scratch = new Scratch();
        await using var model = await ModelProcess.Start(scratch, """
            steps:
              - error: {status: 529, times: 1}
              - say: Recovered.
            """);
        await using var claude = await Agents.RealClaude(scratch, model, [], retries: 2);

        await claude.Send(StreamJsonFrames.User("go"));
        await claude.Until(message => message.Is("system", "api_retry"));
        var result = await claude.Until(Json.IsResult);
        await claude.End();

        Assert.Equal("Recovered.", result.Text("result"));
    }

    [Fact]
    public async Task A_usage_limit_tells_when_it_ends()
    {
        using var scratch = new Scratch();
        await using var model = await ModelProcess.Start(scratch, "steps: [{usage_limit: {resets_in: 2h}}]");
        await using var claude = await Agents.RealClaude(scratch, model, [], environment =>
        {
            // Only a subscription has such limits.
            environment.Remove("ANTHROPIC_API_KEY");
            environment["CLAUDE_CODE_OAUTH_TOKEN"] = "test-key";
        });

        var before = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        await claude.Send(StreamJsonFrames.User("go"));
        var limit = await claude.Until(message => message.Is("rate_limit_event"));
        var result = await claude.Until(Json.IsResult);
        await claude.End();

        Assert.Equal("rejected", limit.Text("rate_limit_info", "status"));
        var resets = DateTimeOffset.FromUnixTimeSeconds(limit.At("rate_limit_info", "resetsAt").GetInt64());
        Assert.InRange(resets, before.AddHours(2), TimeProvider.System.GetUtcNow().AddHours(2));
        Assert.Equal(429, result.At("api_error_status").GetInt32());
    }

    [Theory]
    [InlineData("drop", true, "API Error: Connection closed mid-response. The response above may be incomplete.")]
    [InlineData("{drop: silently}", false, "partial text")]
    public async Task An_answer_that_stops_in_the_middle_is_an_error_only_when_the_connection_broke(string drop, bool isError, string text)
    {
        using var scratch = new Scratch();
        await using var model = await ModelProcess.Start(scratch, $"steps: [{{say: partial text}}, {drop}]");
        await using var claude = await Agents.RealClaude(scratch, model, []);

        await claude.Send(StreamJsonFrames.User("go"));
        var result = await claude.Until(Json.IsResult);
        await claude.End();

        Assert.Equal((isError, text), (result.At("is_error").GetBoolean(), result.Text("result")));
        Assert.Equal(isError ? 0 : 200, model.Log.Last(line => line.Text("event") == "answer").At("status").GetInt32());
    }

    [Fact]
    public async Task A_crash_ends_the_real_process_and_the_conversation_can_be_resumed()
    {
        using var scratch = new Scratch();
        await using var model = await ModelProcess.Start(scratch, """
            turns:
              - [{crash: {signal: 9}}]
              - [{say: Back again.}]
            """);
        var id = Guid.NewGuid().ToString();
        await using var crashing = await Agents.RealClaude(scratch, model, ["--session-id", id, "--allowedTools", "Bash"]);
        await crashing.Send(StreamJsonFrames.User("first"));
        var (exitCode, _) = await crashing.Ended();

        await using var resumed = await Agents.RealClaude(scratch, model, ["--resume", id]);
        await resumed.Send(StreamJsonFrames.User("second"));
        var result = await resumed.Until(Json.IsResult);
        await resumed.End();

        Assert.Equal(137, exitCode);
        Assert.Equal("Back again.", result.Text("result"));
        Assert.Equal(["first", "second"], UserMessagesOfLastMain(model));
    }

    private static int Count(JsonElement result, string name) => result.At("usage", name).GetInt32();

    private static List<string> UserMessagesOfLastMain(ModelProcess model) =>
        [.. model.Log.Last(line => line.Text("kind") == "main").At("user_messages").EnumerateArray().Select(text => text.GetString()!.TrimEnd('\n'))];
}
