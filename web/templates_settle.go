package web

import (
	"html/template"
	"text/template/parse"
)

// settleAll puts sentences that take no argument into the templates' text, in place of what says them, which would else be
// done for every visitor again. They stand in text or between quotation marks, where HTML's escapes mean the same.
func (w words) settleAll(set *template.Template) {
	for _, t := range set.Templates() {
		if t.Tree != nil { // the set itself has none
			w.settle(t.Tree.Root)
		}
	}
}

func (w words) settle(list *parse.ListNode) {
	if list == nil {
		return
	}
	for i, n := range list.Nodes {
		switch n := n.(type) {
		case *parse.ActionNode:
			if sentence, ok := saidAlone(n.Pipe); ok {
				list.Nodes[i] = &parse.TextNode{NodeType: parse.NodeText, Pos: n.Pos, Text: []byte(template.HTMLEscapeString(w.say(sentence)))}
			}
		case *parse.IfNode:
			w.settleBranch(&n.BranchNode)
		case *parse.WithNode:
			w.settleBranch(&n.BranchNode)
		case *parse.RangeNode:
			w.settleBranch(&n.BranchNode)
		}
	}
}

func (w words) settleBranch(n *parse.BranchNode) {
	w.settle(n.List)
	w.settle(n.ElseList)
}

// saidAlone returns the sentence of {{say "…"}}.
func saidAlone(p *parse.PipeNode) (sentence string, ok bool) {
	if len(p.Decl) != 0 || len(p.Cmds) != 1 || len(p.Cmds[0].Args) != 2 || p.Cmds[0].Args[0].String() != "say" {
		return "", false
	}
	text, ok := p.Cmds[0].Args[1].(*parse.StringNode)
	if !ok {
		return "", false
	}
	return text.Text, true
}
