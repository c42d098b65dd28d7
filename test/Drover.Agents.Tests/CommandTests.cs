using System.Text;
using Drover.Agents.Command;
using Drover.Core;
using Xunit;

namespace Drover.Agents.Tests;

/// <summary>Programs that take one prompt and end.</summary>
public sealed class CommandTests
{
    private const string Prompt = "fix it; $(rm -rf /) {prompt} \"'`\n-x";

    private static readonly IAdapter s_adapter = Adapters.Find("command")!;

    [Theory, Trait("row", "M11"), Trait("row", "C21")]
    [InlineData(new[] { "tool", "{prompt}" }, new[] { "tool", Prompt })]
    [InlineData(new[] { "tool", "{prompt}", "--again", "{prompt}" }, new[] { "tool", Prompt, "--again", Prompt })]
    [InlineData(new[] { "tool", "--prompt={prompt}", " {prompt}" }, new[] { "tool", "--prompt={prompt}", " {prompt}", Prompt })]
    [InlineData(new[] { "tool", "-x" }, new[] { "tool", "-x", Prompt })]
    [InlineData(new string[0], new[] { "claude", "-p", "--permission-mode", "bypassPermissions", "--", Prompt })]
    public void Elements_that_are_the_mark_become_the_prompt_or_it_is_appended_and_an_empty_command_is_the_default(string[] command, string[] expected)
    {
        var launch = s_adapter.Plan(Request(command));

        Assert.Equal(expected, launch.With(Prompt, "/unused"));
        Assert.DoesNotContain(Prompt, launch.Arguments);
        Assert.Equal(PromptWay.Argument, launch.Prompt);
    }

    [Theory, Trait("row", "M11")]
    [InlineData("codex-exec", "codex", "--dangerously-bypass-approvals-and-sandbox")]
    [InlineData("gemini", "gemini", "yolo")]
    [InlineData("opencode", "opencode", null)]
    public void Without_a_command_the_program_is_that_of_its_output_and_free_only_inside_our_sandbox(string output, string program, string? free)
    {
        var launch = s_adapter.Plan(Request([], ("output", output)));
        var outside = s_adapter.Plan(Request([], ("output", output)) with { Sandboxed = false });

        Assert.Equal(program, launch.Arguments[0]);
        Assert.Equal(free is not null, launch.Arguments.Contains(free));
        Assert.DoesNotContain(free, outside.Arguments);
        Assert.Equal(1, launch.With(Prompt, "").Count(a => a == Prompt));
        Assert.NotEmpty(launch.HomePaths);
    }

    [Fact]
    public void An_output_that_no_program_is_known_for_needs_a_command_and_a_program_of_ones_own_sees_no_vendors_login()
    {
        var own = s_adapter.Plan(Request(["./tool"]));
        var known = s_adapter.Plan(Request(["/opt/bin/claude", "-p"]));

        Assert.Throws<LaunchImpossibleException>(() => s_adapter.Plan(Request([], ("output", "json"))));
        Assert.Empty(own.HomePaths.Concat(own.Inherits));
        Assert.Contains(".claude/", known.HomePaths);
    }

    [Fact]
    public void The_conversation_to_go_on_with_takes_its_place_and_leaves_none_where_there_is_none()
    {
        string[] command = ["tool", "run", "{resume}", "{prompt}"];
        var option = ("resume", "--session");
        var first = s_adapter.Plan(Request(command, option));
        var second = s_adapter.Plan(Request(command, option) with { ResumeId = "c1; {prompt}" });

        Assert.Equal(["tool", "run", Prompt], first.With(Prompt, ""));
        Assert.Equal(["tool", "run", "--session", "c1; {prompt}", Prompt], second.With(Prompt, ""));
        Assert.True(s_adapter.With(Request(command, option).Options).Resumes);
        Assert.False(s_adapter.With(Request(command).Options).Resumes);
        Assert.Contains("{resume}", Assert.Throws<LaunchImpossibleException>(() => s_adapter.Plan(Request(["tool"], option))).Message, StringComparison.Ordinal);
        Assert.Throws<LaunchImpossibleException>(() => s_adapter.Plan(Request(command, option) with { ResumeId = "--yolo" }));
    }

    [Fact]
    public void A_file_takes_the_place_of_its_own_mark()
    {
        var named = s_adapter.Plan(Request(["tool", "--from", "{prompt_file}", "{prompt}"], ("prompt", "file")));
        var appended = s_adapter.Plan(Request(["tool"], ("prompt", "file")));

        Assert.Equal(["tool", "--from", "/runs/1/prompt", "{prompt}"], named.With(Prompt, "/runs/1/prompt"));
        Assert.Equal(["tool", "/runs/1/prompt"], appended.With(Prompt, "/runs/1/prompt"));
    }

    [Fact]
    public void The_standard_input_gets_the_prompt_once_and_is_closed()
    {
        var (launch, step) = Prompted(("prompt", "input"));

        Assert.Equal(["tool"], launch.With(Prompt, "/unused"));
        Assert.Equal(Prompt + "\n", Encoding.UTF8.GetString(Assert.Single(step.Frames).Span));
        Assert.True(step.EndInput);
        Assert.Equal(Talk.First, Assert.IsType<AgentEvent.MessageWritten>(Assert.Single(step.Events)).Message);
    }

    [Fact]
    public void A_prompt_on_the_command_line_writes_nothing_and_the_input_is_closed_from_the_start()
    {
        var launch = s_adapter.Plan(Request(["tool"]));

        var begun = s_adapter.Apply(launch.State, new Input.Begin());
        var given = s_adapter.Apply(begun.State, new Input.Prompt(Talk.First, Prompt));

        Assert.True(begun.EndInput);
        Assert.Empty(given.Frames);
        Assert.False(given.EndInput);
        Assert.True(given.State.TurnOpen);
        Assert.IsType<AgentEvent.MessageWritten>(Assert.Single(given.Events));
    }

    [Fact]
    public void The_prompt_counts_as_read_at_the_first_line_and_each_line_is_said()
    {
        var driver = Started();

        driver.Do(new Input.Line("first"u8.ToArray()));
        driver.Do(new Input.Line(""u8.ToArray()));
        driver.Do(new Input.Line("second \xff"u8.ToArray()));
        driver.Do(new Input.Exited(0, "noise"));

        Assert.Equal([Talk.First], driver.Accepted());
        Assert.Equal(2, driver.Count<AgentEvent.Said>());
        Assert.Equal(TurnEnding.Succeeded, Assert.Single(driver.Endings));
        Assert.False(driver.State.TurnOpen);
        Vocabulary.Check(driver.Events);
    }

    [Fact]
    public void Ids_of_any_length_are_told_apart_and_remembered_shortened()
    {
        var driver = Started(("output", "json"));
        var (one, other) = (new string('x', 100_000) + "1", new string('x', 100_000) + "2");
        foreach (var id in new[] { one, other, one })
        {
            driver.Line($$$"""{"type":"tool.called","call":"{{{id}}}","tool":"t","input":{}}""");
            driver.Line($$"""{"type":"tool.returned","call":"{{id}}","output":"o"}""");
        }

        Assert.Equal(2, driver.Count<AgentEvent.ToolCalled>());
        Assert.Equal(driver.Events.OfType<AgentEvent.ToolCalled>().Select(c => c.CallId), driver.Events.OfType<AgentEvent.ToolReturned>().Select(r => r.CallId));
        Assert.True(s_adapter.Save(driver.State).Json.Length < 5000);
    }

    [Fact]
    public void A_program_that_says_nothing_had_its_prompt_all_the_same()
    {
        var driver = Started();

        driver.Do(new Input.Exited(0, ""));

        Assert.Equal([Talk.First], driver.Accepted());
        Assert.Equal(TurnEnding.Succeeded, Assert.Single(driver.Endings));
    }

    [Theory]
    [InlineData(SteerMode.Now)]
    [InlineData(SteerMode.Next)]
    [InlineData(SteerMode.Interrupt)]
    public void Whatever_is_said_later_is_refused_with_the_reason(SteerMode mode)
    {
        var driver = Started();
        driver.Do(new Input.Line("working"u8.ToArray()));

        driver.Do(new Input.Say(Talk.Second, "use tabs", mode));
        driver.Do(new Input.Interrupt());
        driver.Do(new Input.Prompt(Talk.Third, "commit"));

        Assert.All(driver.Events.OfType<AgentEvent.MessageRefused>(), r => Assert.Contains("one prompt", r.Why));
        Assert.Equal([Talk.Second, Talk.Third], driver.Events.OfType<AgentEvent.MessageRefused>().Select(r => r.Message));
        Assert.Empty(driver.Frames);
        Assert.False(s_adapter.Capabilities is { SaysInsideTurn: true } or { Interrupts: true } or { Resumes: true });
    }

    [Theory]
    [InlineData(3, "", "", FailureClass.Crashed, true)]
    [InlineData(1, "", "Traceback: KeyError", FailureClass.Crashed, true)]
    [InlineData(1, "", "warming up\nHTTP 401 Unauthorized", FailureClass.Auth, false)]
    [InlineData(1, "", "error: 429 Too Many Requests", FailureClass.RateLimit, true)]
    [InlineData(1, "API Error: 529 {\"type\":\"overloaded_error\"}", "", FailureClass.Overloaded, true)]
    [InlineData(1, "I mended the 401 of the login page.", "segfault", FailureClass.Crashed, true)]
    [InlineData(0, "API Error: 401 {\"type\":\"error\"}", "", FailureClass.Auth, false)]
    [InlineData(0, "You've hit your usage limit.", "", FailureClass.UsageLimit, true)]
    [InlineData(137, "half", "", FailureClass.Killed, true)]
    [InlineData(143, "", "", FailureClass.Killed, true)]
    [InlineData(null, "half", "", FailureClass.Crashed, true)]
    [InlineData(127, "", "sh: tool: not found", FailureClass.Other, false)]
    public void Exit_code_and_words_tell_how_a_program_of_plain_text_failed(int? code, string said, string errors, FailureClass expected, bool retryable)
    {
        var driver = Started();
        if (said.Length > 0) driver.Line(said);

        driver.Do(new Input.Exited(code, errors));

        var ending = Assert.Single(driver.Endings);
        Assert.Equal((Outcome.Failed, expected, retryable), (ending.Outcome, ending.Class, ending.Retryable));
    }

    [Fact]
    public void A_reset_time_in_the_report_of_a_limit_is_kept_and_lines_about_errors_among_others_are_no_report()
    {
        var limited = Started();
        limited.Line("Claude AI usage limit reached|1795190000");
        limited.Do(new Input.Exited(0, ""));
        var wrote = Started();
        wrote.Line("I looked at the log.");
        wrote.Line("Error: handling is mended now.");
        wrote.Do(new Input.Exited(0, ""));

        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1795190000), Assert.Single(limited.Endings).ResetsAt);
        Assert.Equal(TurnEnding.Succeeded, Assert.Single(wrote.Endings));
    }

    [Fact]
    public void JSON_lines_are_read_in_the_words_of_the_journal()
    {
        var driver = Started(("output", "json"));

        driver.Line("""{"type":"conversation.started","conversation":"c-1","model":"m"}""");
        driver.Line("""{"type":"delta","text":"Hel"}""");
        driver.Line("""{"type":"delta","text":"lo"}""");
        driver.Line("""{"type":"tool.called","call":"1","tool":"sh","input":{"command":"ls"}}""");
        driver.Line("""{"type":"tool.returned","call":"1","output":"a","error":true}""");
        driver.Line("""{"type":"usage","input":5,"output":2,"usd":0.25}""");
        driver.Line("""{"type":"my.own","x":1}""");
        driver.Line("no json");
        driver.Do(new Input.Exited(0, ""));

        Assert.Equal(
            ["TurnStarted", "MessageAccepted", "ConversationStarted", "Delta", "Delta", "Said", "ToolCalled", "ToolReturned", "Usage", "Raw", "Malformed", "TurnEnded"],
            driver.Events.SkipWhile(e => e is not AgentEvent.TurnStarted).Select(e => e.GetType().Name));
        Assert.Equal("Hello", Assert.Single(driver.Events.OfType<AgentEvent.Said>()).Text);
        Assert.Equal(TurnEnding.Succeeded, Assert.Single(driver.Endings));
    }

    [Theory]
    [InlineData("""{"type":"turn.ended","outcome":"failed","class":"budget","reason":"spent"}""", 0, FailureClass.Budget)]
    [InlineData("""{"type":"turn.ended","outcome":"failed","reason":"401 Unauthorized"}""", 0, FailureClass.Auth)]
    [InlineData("""{"type":"turn.ended","outcome":"splendid"}""", 0, FailureClass.Protocol)]
    [InlineData("""{"type":"trouble","class":"rate_limit","text":"slow down"}""", 1, FailureClass.RateLimit)]
    [InlineData("""{"type":"trouble","class":"no class","text":"odd"}""", 1, FailureClass.Other)]
    public void JSON_lines_can_tell_why_a_turn_failed(string line, int code, FailureClass expected)
    {
        var driver = Started(("output", "json"));
        driver.Line(line);

        driver.Do(new Input.Exited(code, ""));

        Assert.Equal((Outcome.Failed, expected), (driver.Endings[0].Outcome, driver.Endings[0].Class));
        Assert.Single(driver.Endings);
    }

    [Theory]
    [InlineData("""{"type":"turn.failed","error":{"message":"We're currently experiencing high demand, which may cause temporary errors."}}""", FailureClass.Overloaded, true)]
    [InlineData("""{"type":"turn.failed","error":{"message":"Codex ran out of room in the model's context window."}}""", FailureClass.Context, false)]
    [InlineData("""{"type":"turn.failed","error":{"message":"Quota exceeded. Check your plan and billing details."}}""", FailureClass.UsageLimit, false)]
    [InlineData("""{"type":"turn.failed","error":{"message":"Missing environment variable: `KEY`."}}""", FailureClass.Auth, false)]
    [InlineData("""{"type":"turn.failed","error":{"message":"odd, url: http://127.0.0.1:4291/error/500/429"}}""", FailureClass.Other, false)]
    [InlineData("""{"type":"turn.failed"}""", FailureClass.Other, false)]
    public void Codex_tells_errors_in_words(string line, FailureClass expected, bool retryable) => Fails("codex-exec", line, 1, expected, retryable);

    [Theory]
    [InlineData("""{"type":"result","status":"error","error":{"type":"unknown","message":"[API Error: {\"error\":{\"code\":400,\"message\":\"API key not valid. Please pass a valid API key.\"}}]"}}""", 144, FailureClass.Auth)]
    [InlineData("""{"type":"result","status":"error","error":{"type":"FatalTurnLimitedError","message":"Reached max session turns"}}""", 53, FailureClass.MaxTurns)]
    [InlineData("""{"type":"error","severity":"warning","message":"Loop detected, stopping execution"}""", 0, FailureClass.Killed)]
    [InlineData("""{"type":"init","session_id":"s"}""", 173, FailureClass.RateLimit)]
    [InlineData("""{"type":"init","session_id":"s"}""", 247, FailureClass.Overloaded)]
    [InlineData("""{"type":"init","session_id":"s"}""", 137, FailureClass.Killed)]
    [InlineData("""{"type":"init","session_id":"s"}""", 1, FailureClass.Crashed)]
    public void Gemini_tells_errors_by_result_words_and_exit_code(string line, int code, FailureClass expected) => Fails("gemini", line, code, expected, null);

    [Theory]
    [InlineData("Loop detected, stopping execution", Outcome.Failed)]
    [InlineData("Tool output was shortened", Outcome.Succeeded)]
    public void A_warning_after_which_the_agent_stops_makes_no_success(string warning, Outcome expected)
    {
        var driver = Started(("output", "gemini"));
        driver.Line($$"""{"type":"error","severity":"warning","message":"{{warning}}"}""");
        driver.Line("""{"type":"result","status":"success","stats":{}}""");

        Assert.Equal(expected, Assert.Single(driver.Endings).Outcome);
    }

    [Theory]
    [InlineData("""{"type":"error","sessionID":"s","error":{"name":"ProviderAuthError","data":{"message":"x"}}}""", 1, FailureClass.Auth)]
    [InlineData("""{"type":"error","sessionID":"s","error":{"name":"APIError","data":{"message":"quota exceeded","statusCode":429}}}""", 0, FailureClass.UsageLimit)]
    [InlineData("""{"type":"step_finish","sessionID":"s","part":{"reason":"length"}}""", 0, FailureClass.Context)]
    [InlineData("""{"type":"step_finish","sessionID":"s","part":{"reason":"tool-calls"}}""", 0, FailureClass.Killed)]
    [InlineData("""{"type":"step_finish","sessionID":"s","part":{"reason":"stop"}}""", 1, FailureClass.Crashed)]
    public void OpenCode_is_judged_by_its_last_answer_and_its_exit_code(string line, int code, FailureClass expected) => Fails("opencode", line, code, expected, null);

    [Fact]
    public void A_total_of_tokens_is_told_as_what_it_has_grown_by()
    {
        var driver = Started(("output", "codex-exec"));

        driver.Line("""{"type":"turn.completed","usage":{"input_tokens":400,"cached_input_tokens":50,"output_tokens":52}}""");

        Assert.Equal(new AgentEvent.Usage(350, 52, 50, 0, null), Assert.Single(driver.Events.OfType<AgentEvent.Usage>()));
    }

    [Fact]
    public void Every_output_can_be_named_and_nothing_else()
    {
        var (output, prompt) = (s_adapter.Options.Single(o => o.Name == "output"), s_adapter.Options.Single(o => o.Name == "prompt"));

        Assert.All(Dialects.All, d => Assert.True(output.IsRight(d.Name)));
        Assert.False(output.IsRight("xml"));
        Assert.True(prompt.IsRight("file"));
        Assert.False(prompt.IsRight("carrier pigeon"));
    }

    private static LaunchRequest Request(string[] program, params (string Name, string Value)[] options) =>
        Requests.For("command", sandboxed: true) with { Program = program, Options = options.ToDictionary(o => o.Name, o => o.Value) };

    private static (Launch Launch, Step Given) Prompted(params (string Name, string Value)[] options)
    {
        var launch = s_adapter.Plan(Request(["tool"], options));
        var begun = s_adapter.Apply(launch.State, new Input.Begin());
        return (launch, s_adapter.Apply(begun.State, new Input.Prompt(Talk.First, Prompt)));
    }

    private static Driver Started(params (string Name, string Value)[] options)
    {
        var driver = new Driver(s_adapter) { State = s_adapter.Plan(Request(["tool"], options)).State };
        driver.Do(new Input.Begin());
        driver.Do(new Input.Prompt(Talk.First, "go"));
        return driver;
    }

    private static void Fails(string output, string line, int code, FailureClass expected, bool? retryable)
    {
        var driver = Started(("output", output));
        driver.Line(line);

        driver.Do(new Input.Exited(code, ""));

        var ending = Assert.Single(driver.Endings);
        Assert.Equal((Outcome.Failed, expected, retryable ?? ending.Retryable), (ending.Outcome, ending.Class, ending.Retryable));
    }
}
