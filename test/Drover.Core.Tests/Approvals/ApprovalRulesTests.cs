using Xunit;

namespace Drover.Core.Tests.Approvals;

public sealed class ApprovalRulesTests
{
    private const string Root = "/trees/app/APP-1.1";

    [Theory]
    [InlineData("git *", "git status")]
    [InlineData("git *", "git")]
    [InlineData("git *", "git commit -m 'one; two && three'")]
    [InlineData("git *", "git commit -m \"one | two\nthree\"")]
    [InlineData("git *", "git add *.cs")]
    [InlineData("npm test", "  npm \t test ")]
    [InlineData("npm run test:*", "npm run test:unit")]
    [InlineData("git log * -- docs", "git log -3 --oneline -- docs")]
    [InlineData("npm test", "bash -lc 'npm test'")]
    [InlineData("npm test", "/bin/sh -c \"npm test\"")]
    public void One_plain_command_is_allowed_by_a_pattern_that_speaks_of_all_its_words(string pattern, string command) =>
        Assert.Equal(ApprovalChoice.Allow, Judged(command, allow: [pattern]));

    [Theory]
    [InlineData("git status && curl evil")]
    [InlineData("git status & curl evil")]
    [InlineData("git status; curl evil")]
    [InlineData("git status;")]
    [InlineData("git status | sh")]
    [InlineData("git status\ncurl evil")]
    [InlineData("git status\rcurl evil")]
    [InlineData("git log $(curl evil)")]
    [InlineData("git log \"$(curl evil)\"")]
    [InlineData("git log `curl evil`")]
    [InlineData("git log \"`curl evil`\"")]
    [InlineData("git log $HOME")]
    [InlineData("git log ${x:-`y`}")]
    [InlineData("git log > /etc/passwd")]
    [InlineData("git apply < patch")]
    [InlineData("git diff <(curl evil)")]
    [InlineData("git log 'unfinished")]
    [InlineData("git log \"unfinished")]
    [InlineData("git log \\\ncurl")]
    [InlineData("git log \"a\\\"; curl evil; \\\"b\"")]
    [InlineData("git log # comment")]
    [InlineData("git log\u00a0x")]
    [InlineData("git\0log")]
    [InlineData("! git log")]
    [InlineData("(git log)")]
    [InlineData("GIT_SSH_COMMAND=evil git fetch")]
    [InlineData("sudo git log")]
    [InlineData("./git log")]
    [InlineData("/tmp/git log")]
    [InlineData("g?t log")]
    [InlineData("{git,log}")]
    [InlineData("gitk")]
    [InlineData("bash -c 'git log; curl evil'")]
    [InlineData("./sh -c 'git log'")]
    [InlineData("/tmp/bash -c 'git log'")]
    [InlineData("bin/bash -lc 'git log'")]
    [InlineData("bash -c \"bash -c 'git log && x'\"")]
    [InlineData("")]
    [InlineData("   ")]
    public void What_a_shell_would_read_as_more_than_the_pattern_says_is_not_allowed_by_it(string command) =>
        Assert.Equal(ApprovalChoice.Ask, Judged(command, allow: ["git *"]));

    [Theory]
    [InlineData("npm test", "npm test -- --update")]
    [InlineData("cat docs/*", "cat docs/../../secret")]
    [InlineData("cat docs/*", "cat docs/a/b")]
    [InlineData("cat docs/*", "cat docs/{..,a}")]
    [InlineData("cat docs/*", "cat docs/..")]
    [InlineData("rm build", "rm ~")]
    public void A_pattern_allows_no_other_words_than_its_own(string pattern, string command) =>
        Assert.Equal(ApprovalChoice.Ask, Judged(command, allow: [pattern]));

    [Theory]
    [InlineData("git push origin main")]
    [InlineData("git push")]
    [InlineData("cd sub && git push")]
    [InlineData("make; git push -f")]
    [InlineData("make\ngit push")]
    [InlineData("true | git push")]
    [InlineData("echo $(git push)")]
    [InlineData("echo `git push`")]
    [InlineData("bash -lc 'git push origin'")]
    [InlineData("bash -c \"cd x; git push\"")]
    [InlineData("sudo -u me git push")]
    [InlineData("A=1 git push")]
    [InlineData("/usr/bin/git push")]
    [InlineData("g\"it\" pu\\sh")]
    [InlineData("git \\\n  push")]
    [InlineData("if true; then git push; fi")]
    [InlineData("{ git push; }")]
    public void A_denial_finds_its_command_in_any_part(string command)
    {
        Assert.Equal(ApprovalChoice.Deny, Judged(command, allow: ["git *", "bash *"], deny: ["git push *"], otherwise: ApprovalChoice.Allow));
    }

    [Theory]
    [InlineData("git pull")]
    [InlineData("git pushy")]
    [InlineData("git stash push")]
    [InlineData("echo git; push")]
    public void A_denial_leaves_alone_what_it_does_not_speak_of(string command) =>
        Assert.Equal(ApprovalChoice.Allow, Judged(command, deny: ["git push *"], otherwise: ApprovalChoice.Allow));

    [Fact]
    public void A_denial_may_have_a_star_in_its_middle()
    {
        Assert.Equal(ApprovalChoice.Deny, Judged("git -C sub push origin", deny: ["git * push"], otherwise: ApprovalChoice.Allow));
        Assert.Equal(ApprovalChoice.Deny, Judged("curl -s https://x.example/a.sh", deny: ["curl * https://x.*"], otherwise: ApprovalChoice.Allow));
    }

    [Theory]
    [InlineData("edit:docs/**", "docs/a/b.md", ApprovalChoice.Allow)]
    [InlineData("edit:docs/**", Root + "/docs/a.md", ApprovalChoice.Allow)]
    [InlineData("edit:docs/**", "./docs/./a.md", ApprovalChoice.Allow)]
    [InlineData("edit:**", "src/a.cs", ApprovalChoice.Allow)]
    [InlineData("edit:*.md", "README.md", ApprovalChoice.Allow)]
    [InlineData("edit:/etc/hosts", "/etc/hosts", ApprovalChoice.Allow)]
    [InlineData("edit:*.md", "docs/a.md", ApprovalChoice.Ask)]
    [InlineData("edit:docs/**", "docs/../src/a.cs", ApprovalChoice.Ask)]
    [InlineData("edit:**", "../../../../etc/passwd", ApprovalChoice.Ask)]
    [InlineData("edit:**", "/etc/passwd", ApprovalChoice.Ask)]
    [InlineData("edit:**", Root + "-other/a", ApprovalChoice.Ask)]
    [InlineData("edit:**", "~/.bashrc", ApprovalChoice.Ask)]
    [InlineData("edit:**", "a\nb", ApprovalChoice.Ask)]
    [InlineData("read:**", "src/a.cs", ApprovalChoice.Ask)]
    public void Files_are_held_against_globs_below_the_worktree(string pattern, string file, ApprovalChoice expected) =>
        Assert.Equal(expected, Judged(AskedFor.OfFiles(AskedKind.Edit, [file]), allow: [pattern]));

    [Fact]
    public void All_files_of_an_edit_must_be_allowed_and_one_is_enough_to_deny_it()
    {
        var both = AskedFor.OfFiles(AskedKind.Edit, ["docs/a.md", "secrets/key"]);

        Assert.Equal(ApprovalChoice.Ask, Judged(both, allow: ["edit:docs/**"]));
        Assert.Equal(ApprovalChoice.Allow, Judged(both, allow: ["edit:**"]));
        Assert.Equal(ApprovalChoice.Deny, Judged(both, allow: ["edit:**"], deny: ["edit:secrets/**"]));
    }

    [Fact]
    public void A_tool_is_allowed_or_denied_by_its_name()
    {
        var call = AskedFor.Of(AskedKind.Other);

        Assert.Equal(ApprovalChoice.Allow, Judged(call, allow: ["tool:mcp__tracker__*"], tool: "mcp__tracker__close"));
        Assert.Equal(ApprovalChoice.Deny, Judged(call, deny: ["tool:mcp__*"], tool: "mcp__tracker__close", otherwise: ApprovalChoice.Allow));
        Assert.Equal(ApprovalChoice.Ask, Judged(call, allow: ["tool:mcp"], tool: "mcp__tracker__close"));
    }

    [Fact]
    public void What_cannot_be_seen_whole_is_never_allowed_by_its_looks()
    {
        AskedFor[] unseen =
        [
            AskedFor.OfCommand(null),
            AskedFor.OfCommand("git log " + new string('x', AskedFor.Longest)),
            AskedFor.OfFiles(AskedKind.Edit, []),
            AskedFor.OfFiles(AskedKind.Edit, ["docs/a", null]),
            AskedFor.OfFiles(AskedKind.Edit, ["docs/a"], isAll: false),
            AskedFor.OfCommand("git log", isAll: false),
            AskedFor.OfFiles(AskedKind.Edit, [.. Enumerable.Range(0, AskedFor.MostFiles + 1).Select(n => $"docs/{n}")]),
            AskedFor.OfFiles(AskedKind.Edit, ["docs/" + new string('x', AskedFor.LongestPath)]),
        ];

        Assert.All(unseen, what => Assert.Equal(ApprovalChoice.Ask, Judged(what, allow: ["git *", "edit:**"])));
        Assert.All(unseen, what => Assert.Equal(ApprovalChoice.Ask, Judged(what, deny: ["git push"], otherwise: ApprovalChoice.Allow)));
        Assert.All(unseen, what => Assert.Equal(ApprovalChoice.Allow, Judged(what, otherwise: ApprovalChoice.Allow)));
    }

    [Fact]
    public void What_cannot_be_seen_whole_is_still_denied_by_what_can_be_seen() =>
        Assert.Equal(ApprovalChoice.Deny, Judged(AskedFor.OfCommand("git push", isAll: false), deny: ["git push *"], otherwise: ApprovalChoice.Allow));

    [Fact]
    public void A_long_diff_does_not_hide_its_files()
    {
        var edit = AskedFor.OfFiles(AskedKind.Edit, ["docs/a.md"], new string('+', AskedFor.Longest + 1));

        Assert.True(edit.IsCut);
        Assert.Equal(ApprovalChoice.Allow, Judged(edit, allow: ["edit:docs/*"]));
    }

    [Fact]
    public void A_question_for_a_choice_is_never_answered_with_a_mere_yes()
    {
        var question = AskedFor.Of(AskedKind.Question, "A or B?");

        Assert.Equal(ApprovalChoice.Deny, Judged(question, otherwise: ApprovalChoice.Allow));
        Assert.Equal(ApprovalChoice.Ask, Judged(question));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("   ", true)]
    [InlineData("* push", true)]
    [InlineData("gi* push", true)]
    [InlineData("git push && rm", false)]
    [InlineData("git log | sh", false)]
    [InlineData("echo $HOME", false)]
    [InlineData("echo 'x'", false)]
    [InlineData("edit:", false)]
    [InlineData("command:", false)]
    public void A_pattern_that_could_never_do_what_it_seems_to_say_is_refused(string text, bool forAllowing) =>
        Assert.NotNull(ApprovalPattern.Parse(text, forAllowing).Complaint);

    [Fact]
    public void Random_commands_with_an_operator_outside_of_quotes_are_never_allowed()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        string[] pieces = ["git", "log", "-3", " ", "'a b'", "\"c\"", "*", "é"];
        string[] breaks = [";", "&", "&&", "|", "||", "\n", "$(x)", "`x`", ">", "<", "(", ")", "$x"];
        for (var round = 0; round < 5000; round++)
        {
            var parts = Enumerable.Range(0, 6).Select(_ => pieces[random.Next(pieces.Length)]).ToList();
            parts.Insert(random.Next(parts.Count + 1), breaks[random.Next(breaks.Length)]);
            var command = "git " + string.Join(random.Next(2) == 0 ? " " : "", parts);

            Assert.True(Judged(command, allow: ["git *"]) == ApprovalChoice.Ask, $"seed {seed}: {command}");
        }
    }

    private static ApprovalChoice Judged(string command, string[]? allow = null, string[]? deny = null, ApprovalChoice otherwise = ApprovalChoice.Ask) =>
        Judged(AskedFor.OfCommand(command), allow, deny, "Bash", otherwise);

    private static ApprovalChoice Judged(AskedFor what, string[]? allow = null, string[]? deny = null, string tool = "Tool", ApprovalChoice otherwise = ApprovalChoice.Ask)
    {
        var policy = ApprovalPolicy.Of(otherwise) with { Allow = Patterns(allow, true), Deny = Patterns(deny, false) };
        return ApprovalRules.Judge(policy, tool, what, Root).Choice;
    }

    private static List<ApprovalPattern> Patterns(string[]? texts, bool forAllowing) =>
        [.. (texts ?? []).Select(t => ApprovalPattern.Parse(t, forAllowing) is { Pattern: { } pattern } ? pattern : throw new FormatException(t))];
}
