using System.Text.Json;
using Xunit;

namespace Drover.EndToEnd.Rehearsal;

/// <summary>The same script, played by the scripted agent, and by the model server to the real Claude Code: the same lines in the same order, each of the same shape.</summary>
public sealed class SameShapeTests
{
    [Fact]
    public Task Text_tools_and_a_commit() => BothTell("""
        steps:
          - say: I will write it.
          - edit: {path: hello.txt, content: "hello\n"}
          - commit: Say hello
          - tool: {run: "git show --stat HEAD~9"}
          - say: Done.
        """, ["--permission-mode", "acceptEdits", "--allowedTools", "Bash(git *)"], OnePrompt);

    [Fact]
    public Task Thinking_and_text_in_pieces() => BothTell("""
        steps:
          - think: {text: let me think about it, chunk: 8}
          - say: {text: hello to all of you, chunk: 8}
          - edit: {path: hello.txt, content: "hello\n"}
          - say: Done.
        """, ["--include-partial-messages", "--permission-mode", "acceptEdits"], OnePrompt);

    [Fact]
    public Task A_question_allowed_and_one_denied() => BothTell("""
        steps:
          - ask: {path: hello.txt, content: "hello\n"}
          - ask: {run: git push origin main}
          - say: It was denied.
        """, [], async talk =>
    {
        await talk.Send(StreamJsonFrames.User("go"));
        await talk.Send(StreamJsonFrames.Allow(await talk.Until(message => message.Is("control_request"))));
        await talk.Send(StreamJsonFrames.Deny(await talk.Until(message => message.Is("control_request"))));
        await talk.Until(Json.IsResult);
    });

    [Fact]
    public Task A_steer_in_the_turn_and_a_further_prompt() => BothTell("""
        turns:
          - - tool: {run: "until [ -e go ]; do sleep 0.05; done"}
            - say: Steered.
          - - say: The second turn.
        """, ["--allowedTools", "Bash"], async (talk, scratch) =>
    {
        await talk.Send(StreamJsonFrames.User("first"));
        await talk.Until(Json.CallsTool);
        await talk.SaySafely("steer");
        File.WriteAllText(Path.Combine(scratch.Repository, "go"), "");
        await talk.Until(Json.IsResult);
        await talk.Send(StreamJsonFrames.User("second"));
        await talk.Until(Json.IsResult);
    });

    [Fact]
    public Task An_interrupt_in_a_tool_and_a_further_prompt() => BothTell("""
        turns:
          - [{tool: {run: "touch started; sleep 600"}}]
          - [{say: The second turn.}]
        """, ["--allowedTools", "Bash"], async (talk, scratch) =>
    {
        await talk.Send(StreamJsonFrames.User("first"));
        await Files.Appear(Path.Combine(scratch.Repository, "started"));
        await talk.Send(StreamJsonFrames.Interrupt);
        await talk.Until(Json.IsResult);
        await talk.Send(StreamJsonFrames.User("second"));
        await talk.Until(Json.IsResult);
    });

    [Fact]
    public Task An_interrupt_in_a_text() => BothTell("""
        steps: [{say: {text: word0 word1 word2 word3 word4 word5, chunk: 6, delay: 2s}}]
        """, ["--include-partial-messages"], async talk =>
    {
        await talk.Send(StreamJsonFrames.User("first"));
        await talk.Until(message => message.Text("event", "delta", "type") == "text_delta");
        await talk.Send(StreamJsonFrames.Interrupt);
        await talk.Until(Json.IsResult);
    });

    [Theory]
    [InlineData("{error: 401}")]
    [InlineData("{error: {status: 429, retry_after: 1s}}")]
    [InlineData("{error: 500}")]
    [InlineData("{error: 529}")]
    // What comes together with the end of the connection, the CLI may not look at.
    [InlineData("{say: partial text}, {pause: 500ms}, drop")]
    [InlineData("{say: partial text}, {drop: silently}")]
    public Task An_answer_that_fails(string step) => BothTell($"steps: [{{say: So far.}}, {{tool: {{run: git status}}}}, {step}]", ["--allowedTools", "Bash(git *)"], OnePrompt);

    [Fact]
    public Task A_prompt_that_is_too_long() => BothTell("steps: [{error: 413}]", [], OnePrompt);

    private static Task OnePrompt(Talk talk) => OnePrompt(talk, "go");

    private static async Task OnePrompt(Talk talk, string text)
    {
        await talk.Send(StreamJsonFrames.User(text));
        await talk.Until(Json.IsResult);
    }

    private static Task BothTell(string yaml, string[] flags, Func<Talk, Task> conversation) => BothTell(yaml, flags, (talk, _) => conversation(talk));

    private static async Task BothTell(string yaml, string[] flags, Func<Talk, Scratch, Task> conversation)
    {
        using var ofReal = new Scratch();
        await using var model = await ModelProcess.Start(ofReal, yaml);
        await using var real = await Agents.RealClaude(ofReal, model, flags, retries: 2);
        await conversation(real, ofReal);
        var (realCode, _) = await real.End();

        using var ofScripted = new Scratch();
        await using var scripted = Agents.ScriptedStreamJson(ofScripted, ofScripted.Script(yaml), flags);
        await conversation(scripted, ofScripted);
        var (scriptedCode, _) = await scripted.End();

        Assert.Equal(Shape.Of(real.Messages), Shape.Of(scripted.Messages));
        Assert.Equal(realCode, scriptedCode);
    }
}
