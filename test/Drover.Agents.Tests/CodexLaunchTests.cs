using Xunit;

namespace Drover.Agents.Tests;

/// <summary>How Codex is started.</summary>
public sealed class CodexLaunchTests
{
    private static readonly IAdapter s_codex = Adapters.Find("codex")!;

    private static LaunchRequest Request(bool sandboxed) => Requests.For("codex", sandboxed, model: "gpt-5.5");

    private static (string Sandbox, string Asks) Opening(LaunchRequest request)
    {
        var driver = new Driver(s_codex) { State = s_codex.Plan(request).State };
        driver.Do(new Input.Begin());
        driver.Line("""{"id":1,"result":{}}""");
        var parameters = driver.Frames[^1]["params"]!;
        Assert.Equal(("/repo", "gpt-5.5", "user"), ((string)parameters["cwd"]!, (string)parameters["model"]!, (string)parameters["approvalsReviewer"]!));
        return ((string)parameters["sandbox"]!, (string)parameters["approvalPolicy"]!);
    }

    [Theory]
    [InlineData(true, false, "danger-full-access", "never")]
    [InlineData(true, true, "danger-full-access", "untrusted")]
    [InlineData(false, false, "workspace-write", "on-request")]
    [InlineData(false, true, "workspace-write", "untrusted")]
    public void Its_own_sandbox_is_off_inside_ours_and_it_asks_as_much_as_is_wanted(bool sandboxed, bool asks, string sandbox, string policy) =>
        Assert.Equal((sandbox, policy), Opening(Request(sandboxed) with { AsksApprovals = asks }));

    [Fact]
    public void Without_our_sandbox_its_own_lets_commits_through()
    {
        var arguments = s_codex.Plan(Request(sandboxed: false) with { Writable = ["/r/.git/objects", "/r/.git/a \"quoted\" one"] }).Arguments;

        Assert.Equal(["codex", "app-server"], arguments.Take(2));
        Assert.Contains("""sandbox_workspace_write.writable_roots=["/r/.git/objects","/r/.git/a \u0022quoted\u0022 one"]""", arguments);
        Assert.DoesNotContain(s_codex.Plan(Request(sandboxed: true)).Arguments, a => a.Contains("writable_roots"));
    }

    [Fact]
    public void An_isolated_home_is_its_own_and_the_users_is_shown_else()
    {
        var isolated = s_codex.Plan(Request(sandboxed: true) with { IsolatedHome = "/homes/coder" });
        var users = s_codex.Plan(Request(sandboxed: true));

        Assert.Equal("/homes/coder", isolated.Environment["CODEX_HOME"]);
        Assert.Empty(isolated.HomePaths);
        Assert.DoesNotContain("CODEX_HOME", isolated.Inherits);
        Assert.Equal([".codex/"], users.HomePaths);
        Assert.Contains("CODEX_HOME", users.Inherits);
    }

    [Theory]
    [InlineData("/tmp/drover/homes/coder", false, true)]
    [InlineData("/tmp/drover/homes/coder", true, false)]
    [InlineData("/home/ada/.local/state/drover/homes/coder", false, false)]
    public void Its_own_sandbox_works_with_a_home_below_the_temporary_files_too(string home, bool sandboxed, bool moves) =>
        Assert.Equal(moves, s_codex.Plan(Request(sandboxed) with { IsolatedHome = home }).Environment.ContainsKey("TMPDIR"));

    [Fact]
    public void Tool_servers_get_their_variables_without_a_value_on_the_command_line()
    {
        var server = new McpServer("drover", ["drover", "mcp"], new Dictionary<string, string> { ["TOKEN"] = "s3cret" });

        var plan = s_codex.Plan(Request(sandboxed: true) with { McpServers = [server] });

        Assert.Contains("""mcp_servers.drover={command="drover",args=["mcp"],env_vars=["TOKEN"]}""", plan.Arguments);
        Assert.DoesNotContain(plan.Arguments, a => a.Contains("s3cret"));
        Assert.Equal("s3cret", plan.Environment["TOKEN"]);
        var other = new McpServer("other", ["x"], new Dictionary<string, string> { ["TOKEN"] = "else" });
        Assert.Throws<LaunchImpossibleException>(() => s_codex.Plan(Request(sandboxed: true) with { McpServers = [server, other] }));
    }

    [Fact]
    public void Effort_is_a_setting_and_the_appended_prompt_goes_with_the_thread()
    {
        var request = Request(sandboxed: true) with { Options = new Dictionary<string, string> { ["effort"] = "high" }, AppendedPrompt = "Be brief.", ResumeId = "old", Forks = true };
        Assert.Contains("model_reasoning_effort=\"high\"", s_codex.Plan(request).Arguments);
        var driver = new Driver(s_codex) { State = s_codex.Plan(request).State };
        driver.Do(new Input.Begin());
        driver.Line("""{"id":1,"result":{}}""");

        Assert.Equal(("thread/fork", "old", "Be brief."), ((string)driver.Frames[^1]["method"]!, (string)driver.Frames[^1]["params"]!["threadId"]!, (string)driver.Frames[^1]["params"]!["developerInstructions"]!));
        driver.Line("""{"id":2,"result":{"thread":{"id":"new"}}}""");
        Assert.Equal("new", driver.Events.OfType<AgentEvent.ConversationStarted>().Single().VendorId);
    }
}
