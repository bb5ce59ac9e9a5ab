import shutil

from multigan.cli.which import opened


def test_the_best_generator_is_named_only_where_the_last_one_is_another(tiny_runs, tmp_path, capsys):
    run = shutil.copytree(tiny_runs("points/ring"), tmp_path / "run")
    shutil.rmtree(run / "generator-best", ignore_errors=True)
    shutil.copytree(run / "generator", run / "generator-best")
    assert opened(str(run)).kept == "best"
    assert capsys.readouterr().err == ""
    shutil.rmtree(run / "generator")
    shutil.copytree(tmp_path / "run" / "generator-best", run / "generator")
    net = opened(str(run), "last")
    next(net.net.parameters()).data.add_(1.0)
    type(net)(net.net, net.spec, net.config).save_pretrained(run / "generator")
    assert opened(str(run)).kept == "best"
    assert capsys.readouterr().err == f"using the best generator of {run}; for the last one type --which last\n"
